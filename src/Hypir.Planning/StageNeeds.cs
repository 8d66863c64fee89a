using Hypir.Planning.Tiles;
using static Hypir.Planning.ComputeChoice;

namespace Hypir.Planning;

/// <summary>The needs of a stage's network. They follow from the plan, before the network is loaded.</summary>
public sealed record StageNeeds
{
    /// <summary>
    /// Factor by which the host's allocator exceeds the memory alive within a network. glibc keeps freed blocks, and before version 2.38 an
    /// aligned block never fits the hole left by an equal one, so the holes grow with the number of tiles. Measured with the small model on
    /// glibc 2.36: 2.2 (one tile of 512), 2.9 (16 tiles of 256), 3.1 to 4.2 (25 tiles of 512).
    /// </summary>
    private const double HostSlack = 3;

    /// <summary>
    /// The same for fast kernels, whose networks hold fewer maps at a time than counted, in memory that is reused. Measured with the small
    /// model: 0.82 (one tile of 512), 0.79 (4 of 544), 0.76 (9 of 752).
    /// </summary>
    private const double FastHostSlack = 0.8;

    /// <summary>Types that all networks of this program support.</summary>
    private static readonly ComputePrecision[] All =
    [
        ComputePrecision.Float16, ComputePrecision.Bfloat16, ComputePrecision.Float32, ComputePrecision.Float64,
    ];

    /// <summary>Height and width of a tile are multiples of this, in samples of the network's input.</summary>
    public required int Multiple { get; init; }

    /// <summary>The supported types.</summary>
    public IReadOnlyList<ComputePrecision> Precisions { get; init; } = All;

    /// <summary>Bytes of the weights.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of the transformed kernels kept in addition to the weights.</summary>
    public required long KernelBytes { get; init; }

    /// <summary>Peak memory in bytes while a batch of tiles is computed.</summary>
    public required long BatchBytes { get; init; }

    /// <summary>The needs of a diffusion model's networks, computed from their outlines.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stage">A stage with a network: encoding, restoring or decoding.</param>
    /// <param name="precision">The network's type; null for the plan's.</param>
    /// <param name="kernels">The kernels; null for the plan's.</param>
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
