using System.Text.Json;
using Hypir.Networks.Discriminator;
using Hypir.Planning.Configs;
using Hypir.Training.Losses;
using Hypir.Training.Optimizers;
using Hypir.Training.Planning;

namespace Hypir.TrainTool.Tests.Training.Measuring;

/// <summary>The training steps that are measured, by name.</summary>
internal static class StepShapes
{
    /// <summary>Stable Diffusion 2.1 at 512 pixels, rank 256, with the reference's settings and a small tower.</summary>
    public const string Full = "full";

    /// <summary>A fifth of its width, at three eighths of its size, activations computed again.</summary>
    public const string Repeated = "repeated";

    /// <summary>The same, activations kept.</summary>
    public const string Kept = "kept";

    /// <summary>A shallow network on a batch of two, gradients accumulated, RMSprop, no average.</summary>
    public const string Shallow = "shallow";

    public static TrainingShape Of(string name)
    {
        TrainingShape shape = Named(name);
        return shape with { Unfolded = TrainingShape.UnfoldedHere(shape.Batch) };
    }

    private static TrainingShape Named(string name) => name switch
    {
        Full => new()
        {
            UNet = UNet([320, 640, 1280, 1280], [5, 10, 20, 20], 1024),
            Vae = Vae([128, 256, 512, 512]),
            Tower = Tower(),
            Decoder = DecoderConfig.For(Tower()),
            Rank = 256,
            Batch = 1,
            Height = 512,
            Width = 512,
            Settings = new() { Checkpointing = true },
        },
        Repeated => Half(checkpointing: true),
        Kept => Half(checkpointing: false),
        Shallow => new()
        {
            UNet = UNet([96, 192], [2, 4], 128),
            Vae = Vae([32, 64, 128]),
            Tower = new() { Depths = [1, 2, 1], Dims = [32, 64, 128], EmbedDim = 64 },
            Decoder = new() { MapChannels = [32, 64], EmbedDim = 64, Channels = 96 },
            Rank = 16,
            Batch = 2,
            Height = 128,
            Width = 128,
            Tokens = 20,
            Settings = new()
            {
                Accumulation = 2,
                EmaDecay = null,
                Checkpointing = true,
                GeneratorOptimizer = new RmsPropSettings(),
                DiscriminatorOptimizer = new RmsPropSettings(),
                Losses = new LossWeights { Lpips = 0, L2 = 0, L1 = 1, Frequency = 0.1 },
            },
        },
        _ => throw new ArgumentException($"There is no step {name}.", nameof(name)),
    };

    private static TrainingShape Half(bool checkpointing) => new()
    {
        UNet = UNet([64, 128, 256, 256], [1, 2, 4, 4], 256),
        Vae = Vae([64, 128, 256, 256]),
        Tower = new() { Depths = [1, 1, 3, 1], Dims = [48, 96, 192, 384], EmbedDim = 160 },
        Decoder = new() { MapChannels = [48, 96, 192], EmbedDim = 160, Channels = 128 },
        Rank = 32,
        Batch = 1,
        Height = 192,
        Width = 192,
        Settings = new() { Checkpointing = checkpointing },
    };

    private static ConvNextConfig Tower() => new() { Depths = [3, 3, 9, 3], Dims = [96, 192, 384, 768], EmbedDim = 640 };

    private static UNetConfig UNet(long[] widths, long[] heads, long context) => UNetConfig.Parse(JsonSerializer.SerializeToElement(new
    {
        in_channels = 4,
        out_channels = 4,
        block_out_channels = widths,
        attention_head_dim = heads,
        cross_attention_dim = context,
        layers_per_block = 2,
        norm_num_groups = 32,
        use_linear_projection = true,
        down_block_types = widths.Select((_, i) => i < widths.Length - 1 ? "CrossAttnDownBlock2D" : "DownBlock2D"),
        up_block_types = widths.Select((_, i) => i > 0 ? "CrossAttnUpBlock2D" : "UpBlock2D"),
    }), "unet");

    private static VaeConfig Vae(long[] widths) => VaeConfig.Parse(JsonSerializer.SerializeToElement(new
    {
        block_out_channels = widths,
        layers_per_block = 2,
        norm_num_groups = 32,
        down_block_types = widths.Select(_ => "DownEncoderBlock2D"),
        up_block_types = widths.Select(_ => "UpDecoderBlock2D"),
    }), "vae");
}
