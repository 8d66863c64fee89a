using System.Text.Json;
using Hypir.Networks.Models;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;

namespace Hypir.Training.Planning;

/// <summary>The shapes of a model's networks, which need not be on this machine.</summary>
/// <param name="UNet">The UNet.</param>
/// <param name="Vae">The VAE.</param>
/// <param name="Tokens">Length of text embeddings.</param>
internal sealed record NetworkShapes(UNetConfig UNet, VaeConfig Vae, int Tokens)
{
    private const int ClipTokens = 77;

    /// <summary>Stable Diffusion 2.1-base.</summary>
    public static NetworkShapes StableDiffusion21 { get; } = new(
        UNetConfig.Parse(JsonSerializer.SerializeToElement(new
        {
            in_channels = 4,
            out_channels = 4,
            block_out_channels = (int[])[320, 640, 1280, 1280],
            attention_head_dim = (int[])[5, 10, 20, 20],
            cross_attention_dim = 1024,
            layers_per_block = 2,
            norm_num_groups = 32,
            use_linear_projection = true,
            down_block_types = (string[])["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
            up_block_types = (string[])["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
        }), nameof(StableDiffusion21)),
        VaeConfig.Parse(JsonSerializer.SerializeToElement(new
        {
            block_out_channels = (int[])[128, 256, 512, 512],
            layers_per_block = 2,
            norm_num_groups = 32,
            down_block_types = Enumerable.Repeat("DownEncoderBlock2D", 4),
            up_block_types = Enumerable.Repeat("UpDecoderBlock2D", 4),
        }), nameof(StableDiffusion21)), ClipTokens);

    /// <summary>Those of a model on this machine.</summary>
    public static NetworkShapes Of(ModelFolder model) => new(model.UNet, model.Vae, model.TextEncoder is null ? 1 : ClipTokens);
}
