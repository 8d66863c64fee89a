using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning.Machine;
using Hypir.Restoration.Planning.Memory;
using Hypir.Restoration.Planning.Tiles;

namespace Hypir.Restoration.Planning;

/// <summary>
/// Everything that is decided about a restoration before any tensor exists: sizes, tiles, types, memory and work. Making it loads no part
/// of torch; what is executed is what it says.
/// </summary>
public sealed record RestorePlan
{
    /// <summary>What was asked for.</summary>
    public required RestoreOptions Options { get; init; }

    /// <summary>The model.</summary>
    public required ModelFacts Model { get; init; }

    /// <summary>Where and in which types the networks compute.</summary>
    public required ComputeChoice Compute { get; init; }

    /// <summary>The sizes from the input to what the tiles cover.</summary>
    public required ImageSizes Sizes { get; init; }

    /// <summary>Whether the image has an alpha plane.</summary>
    public required bool Alpha { get; init; }

    /// <summary>8 or 16.</summary>
    public required int BitsPerSample { get; init; }

    /// <summary>Bytes of memory that decoding the image's file takes beside the image itself.</summary>
    public long DecodingBytes { get; init; }

    /// <summary>Bytes of memory that the image takes in the colors of its own profile, if it is kept in these too.</summary>
    public long OwnColorBytes { get; init; }

    /// <summary>Timestep that the UNet is told.</summary>
    public required int ModelT { get; init; }

    /// <summary>Timestep of the one-step formula.</summary>
    public required int CoeffT { get; init; }

    /// <summary>The VAE's encoder; tiles in pixels of the padded image.</summary>
    public required StagePlan Encoding { get; init; }

    /// <summary>The UNet; tiles in positions of the latent.</summary>
    public required StagePlan Restoring { get; init; }

    /// <summary>The VAE's decoder; tiles in positions of the latent.</summary>
    public required StagePlan Decoding { get; init; }

    /// <summary>
    /// Whether the stages take turns, each computing a row of tiles as soon as it can, so that no latent is ever there as a whole. It costs
    /// some time, since each network's memory is freed for the next one's; the result is the same.
    /// </summary>
    public bool ByBands { get; init; }

    /// <summary>Rows of the result that are finished at a time: color fix, bytes.</summary>
    public required int FinishingRows { get; init; }

    /// <summary>What memory is needed for.</summary>
    public required IReadOnlyList<MemoryPart> Memory { get; init; }

    /// <summary>Free bytes of host memory when the plan was made.</summary>
    public required long FreeMemory { get; init; }

    /// <summary>That figure, where a limit set for this process makes it and not the machine; else null.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Free bytes on the GPU when the plan was made; 0 where the CPU computes.</summary>
    public required long FreeGpuMemory { get; init; }

    /// <summary>Expected seconds of computation, or null where this model was never measured on this device.</summary>
    public double? Seconds { get; init; }

    /// <summary>What computes the networks.</summary>
    public StageKernels Kernels => Compute.KernelsFor(Options.Mode);

    /// <summary>Whether that is what this mode computes with unless somebody chooses otherwise.</summary>
    internal bool HasUsualKernels => Compute.Kernels == StageKernels.Fast || Options.Mode == RestoreMode.Reference;

    /// <summary>Whether the model runs at all: with a strength of 0 the result is the scaled input.</summary>
    public bool RunsModel => Options.Strength > 0;

    /// <summary>
    /// Whether colors under transparency are replaced first, so that they cannot bleed into what is visible. The reference looks at
    /// colors alone; without model and scaling no pixel sees another.
    /// </summary>
    public bool FillsTransparency => Alpha && Options.Mode != RestoreMode.Reference && (RunsModel || Sizes.Scales);

    /// <summary>Floating-point operations of all networks.</summary>
    public double Operations =>
        Encoding.Operations + Restoring.Operations + Decoding.Operations + (RunsModel ? Model.TextCosts().Operations : 0);

    /// <summary>Size of the UNet's tiles as they are executed, in pixels; 0x0 where the model does not run.</summary>
    public PixelSize UNetTile => InPixels(Restoring.Tiles, axis => axis.Tile);

    /// <summary>
    /// Distance between the UNet's tiles as they are executed, in pixels: the tile's own size along an axis with a single tile.
    /// </summary>
    public PixelSize UNetStride => InPixels(Restoring.Tiles, axis => axis.Stride);

    /// <summary>Size of the VAE's tiles as they are executed, in pixels; 0x0 where the model does not run.</summary>
    public PixelSize VaeTile => InPixels(Decoding.Tiles, axis => axis.Tile);

    /// <summary>Most bytes of host memory in use at once.</summary>
    public long PeakMemory => Peak(onGpu: false);

    /// <summary>Most bytes of the GPU's memory in use at once; 0 where the CPU computes.</summary>
    public long PeakGpuMemory => Peak(onGpu: true);

    /// <summary>Bytes that stay occupied between jobs, as long as the model is loaded.</summary>
    /// <param name="onGpu">Of the GPU's memory, or else of the host's.</param>
    public long StayingMemory(bool onGpu) => Memory.Where(part => part.Stays && part.OnGpu == onGpu).Sum(part => part.Bytes);

    /// <summary>Most bytes in use at once where the networks compute: the GPU's, or the host's on a CPU.</summary>
    public long ComputeMemory => Compute.Device == "cpu" ? PeakMemory : PeakGpuMemory;

    /// <summary>Whether the memory that was free when the plan was made is enough.</summary>
    public bool Fits => PeakMemory <= FreeMemory && PeakGpuMemory <= FreeGpuMemory;

    /// <summary>The plan of a stage.</summary>
    /// <param name="stage">A stage that has a network: encoding, restoring or decoding.</param>
    public StagePlan Of(RestoreStage stage) => stage switch
    {
        RestoreStage.Encoding => Encoding,
        RestoreStage.Restoring => Restoring,
        RestoreStage.Decoding => Decoding,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "The stage has no network."),
    };

    /// <summary>Makes a plan.</summary>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="alpha">Whether it has an alpha plane.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="model">The model.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="bitsPerSample">8 or 16.</param>
    /// <param name="decodingBytes">Bytes of memory that decoding the image's file takes beside the image itself.</param>
    /// <param name="ownColorBytes">Bytes of memory that the image takes in the colors of its own profile, if it is kept in these too.</param>
    /// <exception cref="PlanException">An option is out of its range or does not fit the image, the model or the machine.</exception>
    public static RestorePlan Create(
        int width, int height, bool alpha, RestoreOptions options, ModelFacts model, MachineFacts machine, int bitsPerSample = 8,
        long decodingBytes = 0, long ownColorBytes = 0) =>
        new PlanBuilder(new PixelSize(width, height), alpha, bitsPerSample, options, model, machine, decodingBytes, ownColorBytes).Build();

    /// <summary>
    /// Plans for the same job with smaller tiles, the largest first. Each needs strictly less <see cref="ComputeMemory"/> than the one
    /// before, and the first needs less than this plan. There are none in reference mode, where tiles are part of the result, nor where the
    /// model does not run.
    /// </summary>
    /// <param name="machine">The machine.</param>
    public IEnumerable<RestorePlan> Smaller(MachineFacts machine) => SmallerPlans.Of(this, machine);

    /// <summary>Rows that are kept between two stages that take turns, at most.</summary>
    internal static int RowsBetween(StagePlan first, StagePlan second) =>
        Math.Min(second.Tiles.Rows.Length, first.Scale.Of(first.Tiles).Rows.Tile + second.Tiles.Rows.Tile);

    private PixelSize InPixels(TileGrid tiles, Func<TileAxis, int> length) =>
        new(length(tiles.Columns) * Model.Factor, length(tiles.Rows) * Model.Factor);

    private long Peak(bool onGpu)
    {
        var parts = Memory.Where(part => part.OnGpu == onGpu).ToArray();
        long always = parts.Where(part => part.Stage is null).Sum(part => part.Bytes);
        return always
            + parts
                .Where(part => part.Stage is not null)
                .GroupBy(part => part.Stage)
                .Select(stage => stage.Sum(part => part.Bytes))
                .DefaultIfEmpty()
                .Max();
    }
}
