using System.Text.Json;

namespace Hypir.Planning.Configs;

/// <summary>Configuration of a <c>UNet2DConditionModel</c>, from <c>unet/config.json</c> of a diffusers folder.</summary>
public sealed record UNetConfig
{
    /// <summary>Channels of the input latent.</summary>
    public required long InChannels { get; init; }

    /// <summary>Channels of the prediction.</summary>
    public required long OutChannels { get; init; }

    /// <summary>Width of each level, from full to lowest resolution.</summary>
    public required IReadOnlyList<long> BlockOutChannels { get; init; }

    /// <summary>For each level on the way down: whether it has cross-attention.</summary>
    public required IReadOnlyList<bool> DownAttention { get; init; }

    /// <summary>For each level on the way up, lowest resolution first: whether it has cross-attention.</summary>
    public required IReadOnlyList<bool> UpAttention { get; init; }

    /// <summary>The block between the way down and the way up.</summary>
    public required UNetMidBlockKind MidBlock { get; init; }

    /// <summary>Residual blocks of each level on the way down; one more on the way up.</summary>
    public required IReadOnlyList<int> LayersPerBlock { get; init; }

    /// <summary>Transformer blocks in each attention of each level.</summary>
    public required IReadOnlyList<int> TransformerLayers { get; init; }

    /// <summary>Attention heads of each level.</summary>
    public required IReadOnlyList<long> Heads { get; init; }

    /// <summary>Width of the text embedding.</summary>
    public required long CrossAttentionDim { get; init; }

    /// <summary>Whether a transformer's projections are linear maps (SD 2) or 1x1 convolutions (SD 1).</summary>
    public bool UseLinearProjection { get; init; }

    /// <summary>Whether attention is computed in float32 for any type of the weights.</summary>
    public bool UpcastAttention { get; init; }

    /// <summary>Groups of the norms.</summary>
    public long NormGroups { get; init; } = 32;

    /// <summary>Added to the variance in the residual blocks' norms.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Name of the activation function.</summary>
    public string Activation { get; init; } = "silu";

    /// <summary>Kernel of the first convolution.</summary>
    public long ConvInKernel { get; init; } = 3;

    /// <summary>Kernel of the last convolution.</summary>
    public long ConvOutKernel { get; init; } = 3;

    /// <summary>Padding of the downsampling convolutions: 1, or 0 for one row and column after the last.</summary>
    public long DownsamplePadding { get; init; } = 1;

    /// <summary>Divisor of residual sums outside the mid block.</summary>
    public double ResnetOutScale { get; init; } = 1;

    /// <summary>Divisor of residual sums in the mid block.</summary>
    public double MidBlockScale { get; init; } = 1;

    /// <summary>Whether the time embedding starts with its cosines.</summary>
    public bool FlipSinToCos { get; init; } = true;

    /// <summary>Shift of the time embedding's frequencies.</summary>
    public double FreqShift { get; init; }

    /// <summary>Whether the input is first mapped from [0, 1] to [-1, 1].</summary>
    public bool CenterInput { get; init; }

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The content of <c>config.json</c>.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="ModelException">A value is missing, of the wrong kind, or requires a network of another family.</exception>
    public static UNetConfig Parse(JsonElement json, string path)
    {
        var reader = new ConfigReader(json, path);
        reader.RequireOff(
            "class_embed_type",
            "addition_embed_type",
            "encoder_hid_dim_type",
            "encoder_hid_dim",
            "dual_cross_attention",
            "only_cross_attention",
            "num_class_embeds",
            "time_embedding_act_fn",
            "timestep_post_act",
            "time_cond_proj_dim",
            "cross_attention_norm",
            "mid_block_only_cross_attention",
            "resnet_skip_time_act",
            "reverse_transformer_layers_per_block",
            "class_embeddings_concat",
            "time_embedding_dim"
        );
        reader.RequireValue("resnet_time_scale_shift", "default");
        reader.RequireValue("time_embedding_type", "positional");
        reader.RequireValue("attention_type", "default");
        IReadOnlyList<long> channels = reader.Longs("block_out_channels");
        int levels = channels.Count;
        // diffusers reads heads from a misnamed key: in these files attention_head_dim is the number of heads.
        IReadOnlyList<long> heads = reader.Has("num_attention_heads")
            ? reader.PerLevel("num_attention_heads", levels)
            : reader.PerLevel("attention_head_dim", levels, 8);
        var config = new UNetConfig
        {
            InChannels = reader.Long("in_channels", 4),
            OutChannels = reader.Long("out_channels", 4),
            BlockOutChannels = channels,
            DownAttention = reader.Kinds("down_block_types", levels, ("DownBlock2D", false), ("CrossAttnDownBlock2D", true)),
            UpAttention = reader.Kinds("up_block_types", levels, ("UpBlock2D", false), ("CrossAttnUpBlock2D", true)),
            MidBlock = reader.Kind<UNetMidBlockKind>(
                "mid_block_type", "UNetMidBlock2DCrossAttn", ("UNetMidBlock2DCrossAttn", UNetMidBlockKind.CrossAttention),
                ("UNetMidBlock2D", UNetMidBlockKind.Plain), (null, UNetMidBlockKind.None)),
            LayersPerBlock = [.. reader.PerLevel("layers_per_block", levels, 2).Select(n => (int)n)],
            TransformerLayers = [.. reader.PerLevel("transformer_layers_per_block", levels, 1).Select(n => (int)n)],
            Heads = heads,
            CrossAttentionDim = reader.PerLevel("cross_attention_dim", levels, 1280).Distinct().Count() == 1
                ? reader.PerLevel("cross_attention_dim", levels, 1280)[0]
                : throw reader.Unsupported("cross_attention_dim", "differs between levels"),
            UseLinearProjection = reader.Bool("use_linear_projection", false),
            UpcastAttention = reader.Bool("upcast_attention", false),
            NormGroups = reader.Long("norm_num_groups", 32),
            NormEpsilon = reader.Double("norm_eps", 1e-5),
            Activation = reader.Text("act_fn", "silu"),
            ConvInKernel = reader.Long("conv_in_kernel", 3),
            ConvOutKernel = reader.Long("conv_out_kernel", 3),
            DownsamplePadding = reader.Long("downsample_padding", 1),
            ResnetOutScale = reader.Double("resnet_out_scale_factor", 1),
            MidBlockScale = reader.Double("mid_block_scale_factor", 1),
            FlipSinToCos = reader.Bool("flip_sin_to_cos", true),
            FreqShift = reader.Double("freq_shift", 0),
            CenterInput = reader.Bool("center_input_sample", false),
        };
        for (int level = 0; level < levels; level++)
        {
            reader.RequireDivides("norm_num_groups", config.NormGroups, channels[level]);
            if (
                config.DownAttention[level]
                || config.UpAttention[levels - 1 - level]
                || (level == levels - 1 && config.MidBlock == UNetMidBlockKind.CrossAttention)
            )
                reader.RequireDivides("attention_head_dim", heads[level], channels[level]);
        }

        return config;
    }
}

/// <summary>The block between a UNet's way down and its way up.</summary>
public enum UNetMidBlockKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One residual block (<c>UNetMidBlock2D</c>, which has no attention in a conditional UNet).</summary>
    Plain,

    /// <summary>Residual, cross-attention, residual (<c>UNetMidBlock2DCrossAttn</c>).</summary>
    CrossAttention,
}
