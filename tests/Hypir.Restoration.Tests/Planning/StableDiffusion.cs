using System.Text.Json;
using Hypir.Planning;
using Hypir.Planning.Configs;

namespace Hypir.Restoration.Tests.Planning;

/// <summary>The sizes of SD 2.1-base, for plans: configurations without weights.</summary>
internal static class StableDiffusion
{
    public static ModelFacts Facts { get; } = new()
    {
        Name = "sd2.1",
        UNet = UNetConfig.Parse(Json("""
            {"in_channels": 4, "out_channels": 4, "block_out_channels": [320, 640, 1280, 1280], "attention_head_dim": [5, 10, 20, 20],
             "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
             "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
             "layers_per_block": 2, "cross_attention_dim": 1024, "use_linear_projection": true}
            """), "unet"),
        Vae = VaeConfig.Parse(Json("""
            {"in_channels": 3, "out_channels": 3, "latent_channels": 4, "block_out_channels": [128, 256, 512, 512], "layers_per_block": 2,
             "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
             "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"]}
            """), "vae"),
        TextEncoder = TextEncoderConfig.Parse(Json("""
            {"vocab_size": 49408, "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 23, "num_attention_heads": 16,
             "max_position_embeddings": 77, "hidden_act": "gelu"}
            """), "text_encoder"),
    };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
