using Hypir.Planning.Machine;
using Hypir.Planning.Memory;
using Hypir.Planning.Tiles;

namespace Hypir.Planning;

/// <summary>
/// Everything that is decided about a restoration before any tensor exists: sizes, tiles, types, memory and work. Making a plan loads no
/// part of torch; execution follows the plan exactly.
/// </summary>
public sealed record RestorePlan
{
    /// <summary>The requested options.</summary>
    public required RestoreOptions Options { get; init; }

    /// <summary>The model.</summary>
    public required ModelFacts Model { get; init; }

    /// <summary>The device and types in which the networks compute.</summary>
    public required ComputeChoice Compute { get; init; }

    /// <summary>The sizes from the input to the area that the tiles cover; those of the window if an area is restored.</summary>
    public required ImageSizes Sizes { get; init; }

    /// <summary>The part of the image that is restored; null for all of it.</summary>
    public AreaPlan? Area { get; init; }

    /// <summary>The size of the image.</summary>
    public PixelSize Image => Area?.Image ?? Sizes.Input;

    /// <summary>The size of the result.</summary>
    public PixelSize Result => Area?.Result ?? Sizes.Scaled;

    /// <summary>Whether the image has an alpha plane.</summary>
    public required bool Alpha { get; init; }

    /// <summary>8 or 16.</summary>
    public required int BitsPerSample { get; init; }

    /// <summary>Memory that decoding the image's file takes in addition to the image itself, in bytes.</summary>
    public long DecodingBytes { get; init; }

    /// <summary>Memory for the image in the colors of its own profile, if that copy is kept, in bytes.</summary>
    public long OwnColorBytes { get; init; }

    /// <summary>Memory for the coefficients of the image's JPEG file, if there are any to be read, in bytes.</summary>
    public long JpegBytes { get; init; }

    /// <summary>The UNet's timestep input.</summary>
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
    /// The evaluations of a single-pass network, one after another, the first of which is <see cref="Restoring"/>; none for a diffusion
    /// model, nor where the model does not run.
    /// </summary>
    public IReadOnlyList<PassPlan> Passes { get; init; } = [];

    /// <summary>
    /// Whether the stages take turns, each computing a row of tiles as soon as it can, so that no latent ever exists as a whole. This costs
    /// some time, since each network's memory is freed for the next one's; the result is the same.
    /// </summary>
    public bool ByBands { get; init; }

    /// <summary>Rows of the result finished at a time: color fix, bytes.</summary>
    public required int FinishingRows { get; init; }

    /// <summary>The memory that the plan needs.</summary>
    public required IReadOnlyList<MemoryPart> Memory { get; init; }

    /// <summary>Free host memory when the plan was made, in bytes.</summary>
    public required long FreeMemory { get; init; }

    /// <summary>The same figure if a limit on this process sets it rather than the machine; otherwise null.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Free GPU memory when the plan was made, in bytes; 0 if the CPU computes.</summary>
    public required long FreeGpuMemory { get; init; }

    /// <summary>Expected computation time in seconds, or null if this model was never measured on this device.</summary>
    public double? Seconds { get; init; }

    /// <summary>The plan with the time that it takes at a speed.</summary>
    /// <param name="operationsPerSecond">The speed, in operations per second.</param>
    public RestorePlan AtSpeed(double operationsPerSecond) => this with { Seconds = Runs * Operations / operationsPerSecond };

    /// <summary>How often the model runs on the image: a map of a model with noise compares two seeds.</summary>
    public int Runs => Options.Map && RunsModel && Model.SinglePass is null ? 2 : 1;

    /// <summary>
    /// Expected computation time on the CPU in seconds, in case a GPU of any vendor fails; if this model was never measured there, a
    /// cautious estimate.
    /// </summary>
    public double SecondsOnCpu { get; init; }

    /// <summary>The kernels that compute the networks.</summary>
    public StageKernels Kernels => Compute.KernelsFor(Options.Mode);

    /// <summary>Whether these are the mode's default kernels.</summary>
    internal bool HasUsualKernels => Compute.Kernels == StageKernels.Fast || Options.Mode == RestoreMode.Reference;

    /// <summary>Whether the model runs: at strength 0 the result is the scaled input.</summary>
    public bool RunsModel => Options.Strength > 0;

    /// <summary>
    /// Whether the result may be moved to what the coefficients of the image's JPEG file allow: it must have the file's own pixels. A model
    /// that enlarges, or that decodes blocks of pixels from one latent position, invents detail.
    /// </summary>
    public bool FollowsJpeg => RunsModel && !Sizes.Scales && Options.JpegConsistent switch
    {
        JpegConsistency.Auto => Options.Mode == RestoreMode.Fast && Model is { Factor: 1, SinglePass: null or { Scale: 1 } },
        JpegConsistency.On => true,
        _ => false,
    };

    /// <summary>Whether differences are limited to what the image's estimated damage explains.</summary>
    public bool LimitsChange => RunsModel && !Sizes.Scales && Options is { LimitChange: true, Mode: RestoreMode.Fast, Dial: null }
        && Model.SinglePass is { Scale: 1, Needs.Side: null };

    /// <summary>
    /// Whether colors under transparency are replaced first, so that they cannot bleed into visible pixels. The reference ignores alpha;
    /// without model and scaling no pixel affects another.
    /// </summary>
    public bool FillsTransparency => Alpha && Options.Mode != RestoreMode.Reference && (RunsModel || Sizes.Scales);

    /// <summary>Floating-point operations of all networks.</summary>
    public double Operations => TileOperations + (RunsModel ? Model.TextCosts().Operations : 0);

    /// <summary>Floating-point operations on tiles.</summary>
    internal double TileOperations =>
        Encoding.Operations + Restoring.Operations + Decoding.Operations + Passes.Skip(1).Sum(pass => pass.Stage.Operations);

    /// <summary>The size of the UNet's tiles as executed, in pixels; 0x0 if the model does not run.</summary>
    public PixelSize UNetTile => InPixels(Restoring.Tiles, axis => axis.Tile);

    /// <summary>
    /// Distance between the UNet's tiles as executed, in pixels: the tile's own size along an axis with a single tile.
    /// </summary>
    public PixelSize UNetStride => InPixels(Restoring.Tiles, axis => axis.Stride);

    /// <summary>The size of the VAE's tiles as executed, in pixels; 0x0 if the model does not run.</summary>
    public PixelSize VaeTile => InPixels(Decoding.Tiles, axis => axis.Tile);

    /// <summary>Peak host memory in bytes.</summary>
    public long PeakMemory => Peak(onGpu: false);

    /// <summary>Peak GPU memory in bytes; 0 if the CPU computes.</summary>
    public long PeakGpuMemory => Peak(onGpu: true);

    /// <summary>Bytes that stay occupied between jobs while the model is loaded.</summary>
    /// <param name="onGpu">Whether to count GPU memory instead of host memory.</param>
    public long StayingMemory(bool onGpu) => Memory.Where(part => part.Stays && part.OnGpu == onGpu).Sum(part => part.Bytes);

    /// <summary>Peak memory in bytes of the device that computes: the GPU's, or the host's for a CPU.</summary>
    public long ComputeMemory => Compute.Device == "cpu" ? PeakMemory : PeakGpuMemory;

    /// <summary>Whether the free memory at planning time suffices.</summary>
    public bool Fits => PeakMemory <= FreeMemory && PeakGpuMemory <= FreeGpuMemory;

    /// <summary>The plan of a stage.</summary>
    /// <param name="stage">A stage with a network: encoding, restoring or decoding.</param>
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
    /// <param name="options">The requested options.</param>
    /// <param name="model">The model.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="bitsPerSample">8 or 16.</param>
    /// <param name="decodingBytes">Memory that decoding the image's file takes in addition to the image itself, in bytes.</param>
    /// <param name="ownColorBytes">Memory for the image in the colors of its own profile, if that copy is kept, in bytes.</param>
    /// <param name="jpegBytes">Memory for the coefficients of the image's JPEG file, if there are any to be read, in bytes.</param>
    /// <exception cref="PlanException">An option is out of range or does not fit the image, the model or the machine.</exception>
    public static RestorePlan Create(
        int width, int height, bool alpha, RestoreOptions options, ModelFacts model, MachineFacts machine, int bitsPerSample = 8,
        long decodingBytes = 0, long ownColorBytes = 0, long jpegBytes = 0) =>
        new PlanBuilder(
            new PixelSize(width, height), alpha, bitsPerSample, options, model, machine, decodingBytes, ownColorBytes, jpegBytes).Build();

    /// <summary>
    /// Plans for the same job with smaller tiles, largest first. Each needs strictly less <see cref="ComputeMemory"/> than the one before,
    /// and the first needs less than this plan. Empty in reference mode, where tiles are part of the result, and if the model does not run.
    /// </summary>
    /// <param name="machine">The machine.</param>
    public IEnumerable<RestorePlan> Smaller(MachineFacts machine) => SmallerPlans.Of(this, machine);

    /// <summary>The maximum number of rows kept between two stages that take turns.</summary>
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
