using Hypir.Networks.Lora;
using Hypir.Networks.Text;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Models;

/// <summary>
/// The networks at SD 2.1's real size have exactly the keys and shapes of the reference, built without memory for weights.
/// </summary>
[TestClass]
[TestCategory("Golden")]
public sealed class ManifestTests : TensorTest
{
    [TestMethod]
    public void UNet_keys_and_shapes() => Compare("unet", ShapeRecorder.Record(w => new UNet2DConditionModel(FullSize.UNet(), w)));

    [TestMethod]
    public void Vae_keys_and_shapes() => Compare("vae", ShapeRecorder.Record(w => new AutoencoderKL(FullSize.Vae(), w)));

    [TestMethod]
    public void Text_encoder_keys_and_shapes() => Compare("text_encoder", ShapeRecorder.Record(w => new CLIPTextModel(FullSize.Text(), w)));

    [TestMethod]
    public void Lora_keys_and_shapes()
    {
        const string Weight = ".weight";
        long rank = FullSize.Manifest("lora").First(e => e.Key.EndsWith(LoraShapes.DownSuffix, StringComparison.Ordinal)).Value[0];
        var shapes = new Dictionary<string, long[]>();
        foreach ((string key, long[] shape) in ShapeRecorder.Record(w => new UNet2DConditionModel(FullSize.UNet(), w)))
        {
            if (shape.Length < 2 || !LoraShapes.IsTarget(key[..^Weight.Length]))
                continue;
            shapes.Add(key[..^Weight.Length] + LoraShapes.DownSuffix, LoraShapes.Down(shape, rank));
            shapes.Add(key[..^Weight.Length] + LoraShapes.UpSuffix, LoraShapes.Up(shape, rank));
        }

        Compare("lora", shapes);
    }

    private static void Compare(string name, IReadOnlyDictionary<string, long[]> actual)
    {
        static string[] Lines(IEnumerable<KeyValuePair<string, long[]>> shapes) =>
            [.. shapes.Select(e => $"{e.Key} [{string.Join(',', e.Value)}]").Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(Lines(FullSize.Manifest(name)), Lines(actual));
    }
}
