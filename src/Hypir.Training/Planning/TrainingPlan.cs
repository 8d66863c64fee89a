using System.Text.Json;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Libraries;
using Hypir.Networks.Models;
using Hypir.Planning.Configs;
using Hypir.Training.Loop;

namespace Hypir.Training.Planning;

/// <summary>The cost of a training step, computed from configurations before anything is loaded.</summary>
/// <param name="Resident">Resident bytes, by part.</param>
/// <param name="Phases">Peak bytes of each phase of a step, in addition to resident ones.</param>
/// <param name="GeneratorOperations">Floating-point operations of a generator step, by part.</param>
/// <param name="DiscriminatorOperations">Floating-point operations of a discriminator step, by part.</param>
public sealed record TrainingPlan(
    IReadOnlyList<PlanPart> Resident, IReadOnlyList<PlanPart> Phases, IReadOnlyList<PlanPart> GeneratorOperations,
    IReadOnlyList<PlanPart> DiscriminatorOperations)
{
    /// <summary>Peak bytes: resident memory plus the largest phase.</summary>
    public long PeakBytes => (long)(Resident.Sum(part => part.Amount) + Phases.Max(part => part.Amount));

    /// <summary>
    /// Resident memory of a process on the CPU that keeps freed blocks for speed (<see cref="Hypir.Networks.Libraries.NativeSettings"/>):
    /// fragmentation makes it 1.25 to 1.35 times the live memory, measured with glibc 2.36.
    /// </summary>
    public long PeakWithKeptBlocks => (long)(1.3 * PeakBytes);

    /// <summary>Counts a step.</summary>
    public static TrainingPlan Of(TrainingShape shape) => new PlanBuilder(shape).Build();

    /// <summary>The plan as lines of text: memory by part and phase, operations by part.</summary>
    public IEnumerable<string> Lines()
    {
        IEnumerable<string> Table(string title, IEnumerable<PlanPart> parts, Func<double, string> text) =>
            parts.Where(part => part.Amount > 0).Select(part => $"  {part.Name,-44}{text(part.Amount),12}").Prepend(title);
        static string Bytes(double bytes) => PlanFigures.Memory((long)bytes);
        static string Operations(double operations) => FormattableString.Invariant($"{operations / 1e9:n1} GFLOP");
        return Table("Memory all the time", Resident, Bytes)
            .Concat(Table("Memory at the height of each phase", Phases, Bytes))
            .Append($"  {"peak",-44}{Bytes(PeakBytes),12}")
            .Concat(Table("A generator step", GeneratorOperations.Append(new("sum", GeneratorOperations.Sum(p => p.Amount))), Operations))
            .Concat(
                DiscriminatorOperations.Count == 0
                    ? []
                    : Table(
                        "A discriminator step", DiscriminatorOperations.Append(new("sum", DiscriminatorOperations.Sum(p => p.Amount))),
                        Operations)
            );
    }
}

/// <summary>One part of the cost of a training step.</summary>
/// <param name="Name">The display name.</param>
/// <param name="Amount">Bytes, or operations.</param>
public sealed record PlanPart(string Name, double Amount);

/// <summary>Everything that the cost of a training step depends on: sizes, types, and settings.</summary>
public sealed record TrainingShape
{
    /// <summary>The UNet.</summary>
    public required UNetConfig UNet { get; init; }

    /// <summary>The VAE.</summary>
    public required VaeConfig Vae { get; init; }

    /// <summary>The discriminator's tower; null where there is no discriminator.</summary>
    public ConvNextConfig? Tower { get; init; }

    /// <summary>The discriminator's decoder, if there is a tower.</summary>
    public DecoderConfig? Decoder { get; init; }

    /// <summary>Rank of the adapters; 0 if UNet and VAE are trained themselves.</summary>
    public required long Rank { get; init; }

    /// <summary>Number of images per batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Height of an image in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Width of an image in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Length of the text embedding.</summary>
    public int Tokens { get; init; } = 77;

    /// <summary>Bytes per element of the frozen networks: 2 for bfloat16, 4 for float32.</summary>
    public int FrozenBytes { get; init; } = 4;

    /// <summary>Bytes per element of trained parameters, optimizers, averages and losses.</summary>
    public int WideBytes { get; init; } = 4;

    /// <summary>
    /// Number of images unfolded into columns at once in the backward pass of a convolution (<see
    /// cref="NativeSettings.UnfoldsConvolutions"/>); 0 if none.
    /// </summary>
    public int Unfolded { get; init; }

    /// <summary><see cref="Unfolded"/> on this machine's CPU, which processes one image of a batch per thread.</summary>
    /// <param name="batch">Number of images per batch.</param>
    public static int UnfoldedHere(int batch) => NativeSettings.UnfoldsConvolutions ? Math.Min(batch, Environment.ProcessorCount) : 0;

    /// <summary>The settings of a step: checkpointing, averages, optimizers, losses, schedule.</summary>
    public required TrainingSettings Settings { get; init; }
}

/// <summary>The shapes of a model's networks, which need not be installed.</summary>
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

    /// <summary>The shapes of an installed model.</summary>
    public static NetworkShapes Of(ModelFolder model) => new(model.UNet, model.Vae, model.TextEncoder is null ? 1 : ClipTokens);
}
