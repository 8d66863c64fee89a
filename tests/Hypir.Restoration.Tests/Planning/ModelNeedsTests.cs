using Hypir.Planning;
using Hypir.Testing;

namespace Hypir.Restoration.Tests.Planning;

[TestClass]
public sealed class ModelNeedsTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypir-needs").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void The_shipped_model_is_padded_never_enlarged()
    {
        ModelNeeds needs = ModelNeeds.OfFolder(NanoModel.Folder);
        Assert.AreEqual(BelowMinimum.Pad, needs.BelowMinimum);
        Assert.AreEqual(ComputePrecision.Float32, needs.Precision);
        Assert.IsTrue(needs.Minimum <= needs.Multiple, "It takes images of any size.");
        Assert.IsNotNull(needs.Name);
    }

    [TestMethod]
    public void Without_the_file_the_references_rules_hold()
    {
        ModelNeeds needs = ModelNeeds.OfFolder(_folder);
        Assert.AreEqual(new ModelNeeds
        {
            Patch = 512,
            Stride = 256,
            Multiple = 8,
            Minimum = null,
            BelowMinimum = BelowMinimum.Enlarge,
            Precision = ComputePrecision.Auto,
            ModelT = 200,
            CoeffT = 200,
        }, needs);
    }

    [TestMethod]
    public void Every_entry_is_read()
    {
        Assert.AreEqual(
            new ModelNeeds
            {
                Name = "x",
                Patch = 96,
                Stride = 48,
                Multiple = 16,
                Minimum = 32,
                BelowMinimum = BelowMinimum.Pad,
                Precision = ComputePrecision.Bfloat16,
                ModelT = 7,
                CoeffT = 999,
            },
            Read("""
                {"format": 1, "name": "x", "patch": {"size": 96, "stride": 48, "multiple": 16, "minimum": 32, "below_minimum": "pad"},
                 "precision": "bfloat16", "model_t": 7, "coeff_t": 999}
                """));
        Assert.AreEqual(ModelNeeds.Reference, Read("{}"), "What is not there is as in the reference.");
    }

    [TestMethod]
    [DataRow("", "JSON")]
    [DataRow("{", "JSON")]
    [DataRow("[]", "object")]
    [DataRow("""{"format": 2}""", "format")]
    [DataRow("""{"format": 1, "name": 3}""", "name")]
    [DataRow("""{"format": 1, "model_t": 1000}""", "model_t")]
    [DataRow("""{"format": 1, "model_t": 1.5}""", "model_t")]
    [DataRow("""{"format": 1, "coeff_t": -1}""", "coeff_t")]
    [DataRow("""{"format": 1, "coeff_t": 1, "coeff_t": 2}""", "coeff_t")]
    [DataRow("""{"format": 1, "precision": "int8"}""", "precision")]
    [DataRow("""{"format": 1, "precission": "float32"}""", "precission")]
    [DataRow("""{"format": 1, "patch": 512}""", "patch")]
    [DataRow("""{"format": 1, "patch": {"size": 0}}""", "patch.size")]
    [DataRow("""{"format": 1, "patch": {"size": "512"}}""", "patch.size")]
    [DataRow("""{"format": 1, "patch": {"size": 512, "stride": 520}}""", "patch.stride")]
    [DataRow("""{"format": 1, "patch": {"size": 500}}""", "patch.multiple")]
    [DataRow("""{"format": 1, "patch": {"size": 512, "stride": 300}}""", "patch.multiple")]
    [DataRow("""{"format": 1, "patch": {"size": 512, "minimum": 600}}""", "patch.minimum")]
    [DataRow("""{"format": 1, "patch": {"below_minimum": "crop"}}""", "patch.below_minimum")]
    [DataRow("""{"format": 1, "patch": {"steps": 8}}""", "patch.steps")]
    public void What_is_wrong_is_told_with_file_and_entry(string json, string entry)
    {
        var error = Assert.ThrowsExactly<ModelException>(() => Read(json));
        StringAssert.Contains(error.Message, entry);
        StringAssert.Contains(error.Message, ModelNeeds.FileName);
        Assert.IsNotNull(error.Remedy);
    }

    [TestMethod]
    public void A_file_of_absurd_length_is_not_parsed() =>
        Assert.ThrowsExactly<ModelException>(() => Read("""{"format": 1}""" + new string(' ', 1 << 20)));

    private ModelNeeds Read(string json)
    {
        File.WriteAllText(Path.Combine(_folder, ModelNeeds.FileName), json);
        return ModelNeeds.OfFolder(_folder);
    }
}
