using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning.Tiles;
using static Hypir.Restoration.Planning.ComputeChoice;

namespace Hypir.Restoration.Planning;

/// <summary>What a stage's network asks for. It follows from the plan, before the network is loaded.</summary>
public sealed record StageNeeds
{
    /// <summary>
    /// What the host's allocator takes over what is alive within a network. glibc keeps freed blocks here, and before its version 2.38 an
    /// aligned block never fits the hole that an equal one left, so that holes grow with the number of tiles. Measured with the small model
    /// on glibc 2.36: 2.2 (one tile of 512), 2.9 (16 tiles of 256), 3.1 to 4.2 (25 tiles of 512).
    /// </summary>
    private const double HostSlack = 3;

    /// <summary>
    /// The same for fast kernels, whose networks hold fewer maps at a time than are counted, in memory that is used again. Measured with
    /// the small model: 0.82 (one tile of 512), 0.79 (4 of 544), 0.76 (9 of 752).
    /// </summary>
    private const double FastHostSlack = 0.8;

    /// <summary>Types that every network of this program can compute in.</summary>
    private static readonly ComputePrecision[] All =
    [
        ComputePrecision.Float16, ComputePrecision.Bfloat16, ComputePrecision.Float32, ComputePrecision.Float64,
    ];

    /// <summary>Height and width of a tile are multiples of this, in samples of the network's input.</summary>
    public required int Multiple { get; init; }

    /// <summary>Types that it can compute in.</summary>
    public IReadOnlyList<ComputePrecision> Precisions { get; init; } = All;

    /// <summary>Bytes of its weights.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of transformed kernels that it keeps besides the weights.</summary>
    public required long KernelBytes { get; init; }

    /// <summary>Bytes that are alive at once, at most, while a batch of tiles is computed.</summary>
    public required long BatchBytes { get; init; }

    /// <summary>The needs of a diffusion model's networks, counted from their outlines.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stage">A stage that has a network: encoding, restoring or decoding.</param>
    /// <param name="precision">The type that it computes in; null for the plan's.</param>
    /// <param name="kernels">What computes it; null for what the plan says.</param>
    public static StageNeeds Of(
        RestorePlan plan, RestoreStage stage, ComputePrecision? precision = null, StageKernels? kernels = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        StagePlan planned = plan.Of(stage);
        bool cpu = plan.Compute.Device == "cpu", fast = (kernels ?? plan.Kernels) == StageKernels.Fast;
        int bytes = BytesOf(precision ?? (stage == RestoreStage.Restoring ? plan.Compute.UNet : plan.Compute.Vae));
        double slack = !cpu ? 1 : fast ? FastHostSlack : HostSlack;
        return new()
        {
            Multiple = stage == RestoreStage.Encoding ? plan.Model.Multiple : plan.Model.Multiple / plan.Model.Factor,
            WeightBytes = planned.Cost.Parameters * bytes,
            KernelBytes = cpu && fast ? planned.Cost.TransformedParameters * bytes : 0,
            BatchBytes = (long)(planned.TilesPerBatch * planned.Cost.PeakElements * bytes * slack),
        };
    }
}
