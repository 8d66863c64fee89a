using System.Text.Json;
using System.Text.Json.Nodes;
using Hypir.Planning.Configs;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Models;

/// <summary>Configurations at SD 2.1's real size (the tiny model's with the real widths) and the manifests that go with them.</summary>
internal static class FullSize
{
    public static UNetConfig UNet() => UNetConfig.Parse(Edit("unet", ("block_out_channels", "[320, 640, 1280, 1280]"),
        ("attention_head_dim", "[5, 10, 20, 20]"), ("cross_attention_dim", "1024"), ("norm_num_groups", "32")), "unet");

    public static VaeConfig Vae() =>
        VaeConfig.Parse(Edit("vae", ("block_out_channels", "[128, 256, 512, 512]"), ("norm_num_groups", "32")), "vae");

    public static TextEncoderConfig Text() => TextEncoderConfig.Parse(Edit("text_encoder", ("vocab_size", "49408"), ("hidden_size", "1024"),
        ("intermediate_size", "4096"), ("num_hidden_layers", "23"), ("num_attention_heads", "16")), "text_encoder");

    public static Dictionary<string, long[]> Manifest(string name) =>
        JsonSerializer.Deserialize<Dictionary<string, long[]>>(File.ReadAllText(Goldens.Require("manifest", name + ".json")))!;

    private static JsonElement Edit(string part, params (string Key, string Value)[] values)
    {
        JsonObject json = JsonNode.Parse(TinyModel.Json(part, "config.json").GetRawText())!.AsObject();
        foreach ((string key, string value) in values)
            json[key] = JsonNode.Parse(value);
        using JsonDocument document = JsonDocument.Parse(json.ToJsonString());
        return document.RootElement.Clone();
    }
}
