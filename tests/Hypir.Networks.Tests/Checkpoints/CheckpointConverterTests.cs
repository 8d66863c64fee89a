using Hypir.Networks.Checkpoints;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Checkpoints;

[TestClass]
public sealed class CheckpointConverterTests : TensorTest
{
    [TestMethod]
    [TestCategory("Golden")]
    public void Every_good_torch_file_keeps_its_tensors()
    {
        using var folder = new TemporaryFolder();
        foreach (string path in Goldens.Cases("*.pth", "checkpoints", "good"))
        {
            string target = folder.File("converted.safetensors");
            int count = CheckpointConverter.Convert(path, target);
            using var expected = CheckpointFile.Open(path);
            using var actual = SafetensorsFile.Open(target);
            Assert.AreEqual(expected.Tensors.Count, count, path);
            SourceAssert.Same(expected, actual);
            Assert.AreEqual("pt", actual.Metadata["format"]);
        }
    }

    [TestMethod]
    public void Text_that_the_file_carries_is_kept()
    {
        using var folder = new TemporaryFolder();
        using var values = ones(3);
        SafetensorsWriter.Write(
            folder.File("a"), new Dictionary<string, Tensor> { ["w"] = values }, new Dictionary<string, string> { ["licence"] = "mine" });
        CheckpointConverter.Convert(folder.File("a"), folder.File("b"));
        using var file = SafetensorsFile.Open(folder.File("b"));
        CollectionAssert.AreEqual(new[] { KeyValuePair.Create("licence", "mine") }, file.Metadata.ToArray());
    }

    [TestMethod]
    public void A_refused_or_cancelled_conversion_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        string bad = Goldens.Require("checkpoints", "bad", "pickle-global-os-system.pth"),
            good = Goldens.Require("checkpoints", "good", "float32.pth");
        Assert.AreEqual(
            CheckpointErrorKind.ForbiddenGlobal,
            Assert.Throws<CheckpointException>(() => CheckpointConverter.Convert(bad, folder.File("a.safetensors"))).Kind);
        Assert.Throws<OperationCanceledException>(() =>
            CheckpointConverter.Convert(good, folder.File("a.safetensors"), new CancellationToken(canceled: true))
        );
        Assert.Throws<ModelException>(() => CheckpointConverter.Convert(good, good));
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }
}
