using System.Text.Json;

namespace Hypir.Planning.Configs;

/// <summary>Configuration of an <c>AutoencoderKL</c>, from <c>vae/config.json</c> of a diffusers folder.</summary>
public sealed record VaeConfig
{
    /// <summary>Channels of the image.</summary>
    public required long InChannels { get; init; }

    /// <summary>Channels of the decoded image.</summary>
    public required long OutChannels { get; init; }

    /// <summary>Channels of the latent.</summary>
    public required long LatentChannels { get; init; }

    /// <summary>Width of each level, from full to lowest resolution.</summary>
    public required IReadOnlyList<long> BlockOutChannels { get; init; }

    /// <summary>Residual blocks of each level of the encoder; the decoder has one more.</summary>
    public required int LayersPerBlock { get; init; }

    /// <summary>Factor between the latent and the UNet's input.</summary>
    public required double ScalingFactor { get; init; }

    /// <summary>Groups of the norms.</summary>
    public long NormGroups { get; init; } = 32;

    /// <summary>Name of the activation function.</summary>
    public string Activation { get; init; } = "silu";

    /// <summary>Whether the mid blocks have attention.</summary>
    public bool MidBlockAttention { get; init; } = true;

    /// <summary>Whether a 1x1 convolution follows the encoder.</summary>
    public bool UseQuantConv { get; init; } = true;

    /// <summary>Whether a 1x1 convolution precedes the decoder.</summary>
    public bool UsePostQuantConv { get; init; } = true;

    /// <summary>Pixels per latent position along each axis: 1, 2, 4 or 8 …</summary>
    public int Factor => 1 << (BlockOutChannels.Count - 1);

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The content of <c>config.json</c>.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="ModelException">A value is missing, of the wrong kind, or requires a network of another family.</exception>
    public static VaeConfig Parse(JsonElement json, string path)
    {
        var reader = new ConfigReader(json, path);
        reader.RequireOff("latents_mean", "latents_std");
        if (reader.Has("shift_factor") && reader.Double("shift_factor", 0) != 0)
            throw reader.Unsupported("shift_factor", "is not zero");
        IReadOnlyList<long> channels = reader.Longs("block_out_channels");
        reader.Kinds("down_block_types", channels.Count, ("DownEncoderBlock2D", true));
        reader.Kinds("up_block_types", channels.Count, ("UpDecoderBlock2D", true));
        var config = new VaeConfig
        {
            InChannels = reader.Long("in_channels", 3),
            OutChannels = reader.Long("out_channels", 3),
            LatentChannels = reader.Long("latent_channels", 4),
            BlockOutChannels = channels,
            LayersPerBlock = (int)reader.Long("layers_per_block", 1),
            ScalingFactor = reader.Double("scaling_factor", 0.18215),
            NormGroups = reader.Long("norm_num_groups", 32),
            Activation = reader.Text("act_fn", "silu"),
            MidBlockAttention = reader.Bool("mid_block_add_attention", true),
            UseQuantConv = reader.Bool("use_quant_conv", true),
            UsePostQuantConv = reader.Bool("use_post_quant_conv", true),
        };
        foreach (long width in channels)
            reader.RequireDivides("norm_num_groups", config.NormGroups, width);
        return config.ScalingFactor > 0 ? config : throw reader.Wrong("scaling_factor", "a positive number");
    }
}
