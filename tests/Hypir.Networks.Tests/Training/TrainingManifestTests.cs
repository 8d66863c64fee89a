using System.Text.Json;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Perceptual;
using Hypir.Networks.Weights;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Training;

/// <summary>
/// The networks of training at their real size have exactly the keys and shapes of the reference, built without memory for weights.
/// </summary>
[TestClass]
[TestCategory("Golden")]
public sealed class TrainingManifestTests : TensorTest
{
    [TestMethod]
    public void ConvNext_xxlarge() => Compare("convnext_xxlarge", w => new ConvNextTower(ConvNextConfig.XxLarge, w));

    [TestMethod]
    public void Discriminator() => Compare("discriminator", w => new MultiLevelDecoder(DecoderConfig.For(ConvNextConfig.XxLarge), w));

    [TestMethod]
    public void Vgg16() => Compare("vgg16", w => new Vgg16Features(w));

    [TestMethod]
    public void Lpips() => Compare("lpips_vgg", w =>
    {
        using var features = new Vgg16Features(new WeightScope(new ShapeRecorder()));
        return new Lpips(features, w);
    });

    [TestMethod]
    public void Sizes_are_detected_from_the_weights()
    {
        ConvNextConfig tower = ConvNextConfig.Detect(ShapeRecorder.Record(w => new ConvNextTower(ConvNextConfig.XxLarge, w)));
        CollectionAssert.AreEqual(ConvNextConfig.XxLarge.Depths.ToArray(), tower.Depths.ToArray());
        CollectionAssert.AreEqual(ConvNextConfig.XxLarge.Dims.ToArray(), tower.Dims.ToArray());
        Assert.AreEqual(ConvNextConfig.XxLarge.EmbedDim, tower.EmbedDim);
        DecoderConfig expected = DecoderConfig.For(tower),
            decoder = DecoderConfig.Detect(ShapeRecorder.Record(w => new MultiLevelDecoder(expected, w)));
        CollectionAssert.AreEqual(expected.MapChannels.ToArray(), decoder.MapChannels.ToArray());
        Assert.AreEqual((expected.EmbedDim, expected.Channels), (decoder.EmbedDim, decoder.Channels));
        Assert.ThrowsExactly<ModelException>(() => ConvNextConfig.Detect(new Dictionary<string, long[]>()));
        Assert.ThrowsExactly<ModelException>(() => DecoderConfig.Detect(new Dictionary<string, long[]>()));
    }

    private static void Compare(string name, Func<WeightScope, nn.Module> build)
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Goldens.Require("training", $"manifest-{name}.json")));
        string[] expected =
        [
            .. manifest
                .RootElement.GetProperty("tensors")
                .EnumerateObject()
                .Select(t =>
                    $"{t.Name} {t.Value.GetRawText()}"
                        .Replace("\n", "", StringComparison.Ordinal)
                        .Replace(" ", "", StringComparison.Ordinal)
                ),
        ];
        Assert.AreNotEqual(0, expected.Length);
        Array.Sort(expected, StringComparer.Ordinal);
        IReadOnlyDictionary<string, long[]> shapes = ShapeRecorder.Record(build);
        CollectionAssert.AreEqual(
            expected, shapes.Select(s => $"{s.Key}[{string.Join(',', s.Value)}]").Order(StringComparer.Ordinal).ToArray());
        // Buffers (filters, u, v) are no parameters.
        string[] buffers = [".filt", ".weight_u", ".weight_v"];
        Assert.AreEqual(manifest.RootElement.GetProperty("parameters").GetInt64(), shapes
            .Where(s => !buffers.Any(b => s.Key.EndsWith(b, StringComparison.Ordinal))).Sum(s => s.Value.Aggregate(1L, (a, b) => a * b)));
    }
}
