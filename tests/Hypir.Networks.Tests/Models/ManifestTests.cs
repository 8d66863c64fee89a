using System.Text.Json;
using System.Text.Json.Nodes;
using Hypir.Networks.Lora;
using Hypir.Networks.Weights;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Models;

/// <summary>The networks at SD 2.1's real size have exactly the keys and shapes of the reference, built without memory for weights.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class ManifestTests : TensorTest
{
    [TestMethod]
    public void UNet_keys_and_shapes()
    {
        IReadOnlyDictionary<string, long[]> shapes = ShapeRecorder.Record(w => new UNet2DConditionModel(FullUNet(), w));
        Compare("unet", shapes);
    }

    [TestMethod]
    public void Vae_keys_and_shapes()
    {
        JsonObject json = Edit("vae", ("block_out_channels", "[128, 256, 512, 512]"), ("norm_num_groups", "32"));
        VaeConfig config = VaeConfig.Parse(Element(json), "vae");
        Compare("vae", ShapeRecorder.Record(w => new AutoencoderKL(config, w)));
    }

    [TestMethod]
    public void Text_encoder_keys_and_shapes()
    {
        JsonObject json = Edit("text_encoder", ("vocab_size", "49408"), ("hidden_size", "1024"), ("intermediate_size", "4096"),
            ("num_hidden_layers", "23"), ("num_attention_heads", "16"));
        TextEncoderConfig config = TextEncoderConfig.Parse(Element(json), "text_encoder");
        Compare("text_encoder", ShapeRecorder.Record(w => new CLIPTextModel(config, w)));
    }

    [TestMethod]
    public void Lora_keys_and_shapes()
    {
        const string Weight = ".weight";
        Dictionary<string, long[]> expected = Manifest("lora");
        long rank = expected.First(e => e.Key.EndsWith(LoraShapes.DownSuffix, StringComparison.Ordinal)).Value[0];
        var shapes = new Dictionary<string, long[]>();
        foreach ((string key, long[] shape) in ShapeRecorder.Record(w => new UNet2DConditionModel(FullUNet(), w)))
        {
            if (shape.Length < 2 || !LoraShapes.IsTarget(key[..^Weight.Length]))
                continue;
            shapes.Add(key[..^Weight.Length] + LoraShapes.DownSuffix, LoraShapes.Down(shape, rank));
            shapes.Add(key[..^Weight.Length] + LoraShapes.UpSuffix, LoraShapes.Up(shape, rank));
        }

        Compare("lora", shapes);
    }

    private static UNetConfig FullUNet() => UNetConfig.Parse(
        Element(Edit("unet", ("block_out_channels", "[320, 640, 1280, 1280]"), ("attention_head_dim", "[5, 10, 20, 20]"), ("cross_attention_dim", "1024"), ("norm_num_groups", "32"))),
        "unet");

    /// <summary>SD 2.1's configuration: the tiny model's with the real widths.</summary>
    private static JsonObject Edit(string part, params (string Key, string Value)[] values)
    {
        JsonObject json = JsonNode.Parse(TinyModel.Json(part, "config.json").GetRawText())!.AsObject();
        foreach ((string key, string value) in values)
            json[key] = JsonNode.Parse(value);
        return json;
    }

    private static JsonElement Element(JsonObject json)
    {
        using JsonDocument document = JsonDocument.Parse(json.ToJsonString());
        return document.RootElement.Clone();
    }

    private static Dictionary<string, long[]> Manifest(string name) =>
        JsonSerializer.Deserialize<Dictionary<string, long[]>>(File.ReadAllText(Goldens.Require("manifest", name + ".json")))!;

    private static void Compare(string name, IReadOnlyDictionary<string, long[]> actual)
    {
        static string[] Lines(IEnumerable<KeyValuePair<string, long[]>> shapes) =>
            [.. shapes.Select(e => $"{e.Key} [{string.Join(',', e.Value)}]").Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(Lines(Manifest(name)), Lines(actual));
    }
}
