using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;
using Hypir.Networks.SinglePass.GfpGan;
using Hypir.Networks.Weights;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.SinglePass;

/// <summary>GFPGAN's networks equal the reference.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class FaceGoldenTests : TensorTest
{
    private static readonly GfpGanFamily Family = new();

    [TestMethod]
    public void Faces_equal_the_reference()
    {
        foreach (string path in Goldens.Cases("*.safetensors", "faces"))
        {
            using var golden = new GoldenCase(path);
            using JsonDocument shapes = Read(golden.Name);
            using var tensors = new SeededTensors(Shapes(shapes), shapes.RootElement.GetProperty("seed").GetInt64());
            GfpGanOutline outline = Describe(tensors.Tensors);
            foreach (Precision precision in Precision.All)
            {
                using var scope = NewDisposeScope();
                using var noGrad = no_grad();
                using SinglePassNetwork network = Build(outline, tensors, precision.Type);
                var entered = new List<string>();
                // The goldens' images are from -1 to 1, this project's from 0 to 1.
                Tensor x = (golden["x"].to(precision.Type) + 1) / 2;
                Tensor y = network.Forward(x, new NetworkRun(entered.Add), null) * 2 - 1;
                string result = precision == Precision.Float64 ? "y64" : "y32";
                double error = Numbers.AssertClose(golden[result], y, precision.Tolerance, golden.Name);
                Console.WriteLine(FormattableString.Invariant($"{golden.Name} {precision.Name}: {error:g3}"));
                CollectionAssert.AreEqual(outline.Blocks.Select(block => block.Name).ToArray(), entered, golden.Name);
            }
        }
    }

    [TestMethod]
    [DataRow("gfpgan-32")]
    [DataRow("gfpgan-32-whole-sft")]
    [DataRow("full")]
    public void Outlines_have_the_sizes_and_the_weights_of_the_files(string name)
    {
        Goldens.Require("faces", $"{name}.shapes.json");
        using JsonDocument json = Read(name);
        Dictionary<string, long[]> shapes = Shapes(json);
        GfpGanOutline outline = Describe(
            shapes.ToDictionary(entry => entry.Key, entry => new TensorInfo(entry.Key, ScalarType.Float32, entry.Value)));
        JsonElement sizes = json.RootElement.GetProperty("sizes");
        Assert.AreEqual(sizes.GetProperty("out_size").GetInt32(), outline.Side);
        Assert.AreEqual(sizes.GetProperty("num_style_feat").GetInt64(), outline.StyleWidth);
        Assert.AreEqual(sizes.GetProperty("num_mlp").GetInt32(), outline.StyleLayers);
        Assert.AreEqual(sizes.GetProperty("different_w").GetBoolean(), outline.StylePerLayer);
        Assert.AreEqual(sizes.GetProperty("sft_half").GetBoolean(), outline.HalfModulated);
        string[] needed =
        [
            .. shapes
                .Where(entry => !entry.Key.StartsWith("toRGB.", StringComparison.Ordinal))
                .Select(entry => Line(entry.Key, entry.Value))
                .Order(),
        ];
        CollectionAssert.AreEqual(needed, outline.Weights.Select(weight => Line(weight.Name, weight.Shape)).Order().ToArray());
        IReadOnlyDictionary<string, long[]> asked = ShapeRecorder.Record(weights => Family.Build(outline, weights));
        CollectionAssert.AreEqual(needed, asked.Select(entry => Line(entry.Key, entry.Value)).Order().ToArray());
    }

    private static GfpGanOutline Describe(IReadOnlyDictionary<string, TensorInfo> tensors)
    {
        var weights = new WeightShapes("faces", tensors);
        Assert.IsTrue(Family.Matches(weights));
        return (GfpGanOutline)Family.Describe(weights);
    }

    private static SinglePassNetwork Build(GfpGanOutline outline, SeededTensors tensors, ScalarType type) =>
        Family.Build(outline, new WeightScope(new CopiedWeights(new CastWeights(new CheckpointWeights(tensors), type, CPU))));

    private static JsonDocument Read(string name) => JsonDocument.Parse(File.ReadAllText(Goldens.Path("faces", $"{name}.shapes.json")));

    private static Dictionary<string, long[]> Shapes(JsonDocument json) =>
        json.RootElement.GetProperty("shapes").Deserialize<Dictionary<string, long[]>>()!;

    private static string Line(string name, IEnumerable<long> shape) => $"{name} [{string.Join(',', shape)}]";
}
