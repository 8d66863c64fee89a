using Hypir.Planning.Cost;
using Hypir.Planning.Machine;
using Hypir.Planning.Memory;
using Hypir.Planning.Tiles;

namespace Hypir.Planning;

/// <summary>Makes a <see cref="RestorePlan"/>.</summary>
internal sealed class PlanBuilder(
    PixelSize input, bool alpha, int bitsPerSample, RestoreOptions options, ModelFacts model, MachineFacts machine, long decodingBytes,
    long ownColorBytes, long jpegBytes)
{
    /// <summary>
    /// Pixels of a band of rows in the finishing stage: some tens of megabytes of temporaries, for any image width.
    /// </summary>
    private const int BandPixels = 1 << 19;

    /// <summary>
    /// Each band recomputes the color fix's reach above and below it: with fewer rows, most of the work would be repeated.
    /// </summary>
    private const int LeastBandRows = 32;

    /// <summary>
    /// Latent positions that the UNet processes at a time: its lowest levels see 1/64 of them, and have the widest weights.
    /// </summary>
    private const int PositionsOnCpu = 1 << 14;

    /// <inheritdoc cref="PositionsOnCpu"/>
    private const int PositionsOnGpu = 1 << 16;

    /// <summary>
    /// Operations per second of a core that was never measured: less than a quarter of what eight multiply-adds per cycle at 3 GHz give.
    /// </summary>
    private const double CautiousSpeed = 10e9;

    private static readonly NetworkCost Nothing = new([], 0, 0);

    public RestorePlan Build()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(input.Shorter, 1);
        OptionRules.Check(options, model);
        ComputeChoice compute = ComputeChoice.Resolve(options, model, machine);
        GraphLimits.Require(compute, model);
        AreaPlan? area = options.Area is { } part ? AreaPlanner.Of(input, part, options, model) : null;
        ImageSizes sizes = ImageSizes.Of(
            area?.Window.Size ?? input, options, model.Needs, model.TileOf(options), model.Multiple, area);
        RefuseWhatNoImageHolds(area is { Place: not null } ? area.Result : sizes.Scaled);
        if (model.SinglePass is { } network)
        {
            SinglePassPlanner.Check(network, sizes, options);
            return Best(options.Strength == 0
                ? [Build(compute, area, sizes, Passing(null), false)]
                : [.. SinglePassPlanner.Choices(network, sizes, options, ComputeChoice.BytesOf(compute.UNet))
                    .Select(passes => Build(compute, area, sizes, Passing(passes[0].Stage), false, passes))]);
        }

        var choices = options.Mode == RestoreMode.Reference || options.Strength == 0
            ? [ReferenceStages(sizes.Padded)]
            : TileSizes.Choices(options, model, compute.Graphs is not null).Select(tiles => FastStages(sizes.Padded, tiles, compute));
        return Best([.. choices.SelectMany(stages => Ways(stages).Select(byBands => Build(compute, area, sizes, stages, byBands)))]);

        // An image that is enlarged for the model is small.
        bool[] Ways((StagePlan Encoding, StagePlan, StagePlan Decoding) stages) =>
            sizes.Enlarges || Math.Min(stages.Encoding.Tiles.Rows.Count, stages.Decoding.Tiles.Rows.Count) < 2 ? [false] : [false, true];
    }

    private RestorePlan Best(RestorePlan[] plans)
    {
        RestorePlan[] bound = GraphLimits.Keep(plans, machine);
        return bound.FirstOrDefault(plan => plan.Fits) ?? bound.MinBy(plan => plan.PeakMemory)!;
    }

    private RestorePlan Build(
        ComputeChoice compute, AreaPlan? area, ImageSizes sizes,
        (StagePlan Encoding, StagePlan Restoring, StagePlan Decoding) stages, bool byBands, IReadOnlyList<PassPlan>? passes = null)
    {
        var plan = new RestorePlan
        {
            Options = options,
            Model = model,
            Compute = compute,
            Sizes = sizes,
            Area = area,
            Alpha = alpha,
            BitsPerSample = bitsPerSample,
            DecodingBytes = decodingBytes,
            OwnColorBytes = ownColorBytes,
            JpegBytes = jpegBytes,
            ModelT = options.ModelT ?? model.Needs.ModelT,
            CoeffT = options.CoeffT ?? model.Needs.CoeffT,
            Encoding = stages.Encoding,
            Restoring = stages.Restoring,
            Decoding = stages.Decoding,
            Passes = passes ?? [],
            ByBands = byBands,
            FinishingRows = Math.Max(BandPixels / sizes.Scaled.Width, LeastBandRows),
            Memory = [],
            FreeMemory = machine.FreeMemory,
            MemoryLimit = machine.MemoryLimit,
            FreeGpuMemory = machine.Gpus.FirstOrDefault(gpu => compute.Device == gpu.Device)?.FreeMemory
                ?? (compute.Graphs is null ? 0 : long.MaxValue),
        };
        double? speed = plan.HasUsualKernels
            ? machine.SpeedOf(compute.Device, compute.UNet, model.Name, options.Mode, compute.Graphs?.Adapter)?.OperationsPerSecond
            : null;
        double onCpu = machine.SpeedOf("cpu", ComputePrecision.Float32, model.Name, options.Mode)?.OperationsPerSecond
            ?? machine.LeastSpeedOf("cpu", ComputePrecision.Float32, options.Mode)
            ?? CautiousSpeed * machine.Cores;
        return plan with
        {
            Memory = MemoryEstimate.Of(plan),
            Seconds = plan.Runs * plan.Operations / speed,
            SecondsOnCpu = plan.Operations / onCpu,
        };
    }

    /// <summary>A single-pass network is one stage.</summary>
    private static (StagePlan Encoding, StagePlan Restoring, StagePlan Decoding) Passing(StagePlan? network)
    {
        var nothing = new StagePlan(default, TileScale.Same, Nothing);
        return (nothing, network ?? nothing, nothing);
    }

    /// <summary>All stages have the same tiles, as in the reference.</summary>
    private (StagePlan Encoding, StagePlan Restoring, StagePlan Decoding) ReferenceStages(PixelSize padded)
    {
        int factor = model.Factor;
        TileScale down = new(1, factor), up = new(factor, 1);
        if (options.Strength == 0)
            return (new(default, down, Nothing), new(default, TileScale.Same, Nothing), new(default, up, Nothing));
        var pixels = TileGrid.Cover(padded.Height, padded.Width, model.TileOf(options), model.StrideOf(options));
        TileGrid latent = down.Of(pixels);
        int height = latent.Rows.Tile, width = latent.Columns.Tile;
        return (
            new(pixels, down, model.EncoderCost(pixels.Rows.Tile, pixels.Columns.Tile)),
            new(latent, TileScale.Same, model.UNetCosts(height, width)),
            new(latent, up, model.DecoderCost(height, width)));
    }

    /// <summary>Each stage has tiles of its own, as few and as even as its largest size and its overlap allow.</summary>
    private (StagePlan Encoding, StagePlan Restoring, StagePlan Decoding) FastStages(
        PixelSize padded, TileSizes sizes, ComputeChoice compute)
    {
        int factor = model.Factor, step = model.Multiple / factor;
        var size = new PixelSize(padded.Width / factor, padded.Height / factor);
        // Maps that halve evenly at every level of the UNet need no cropping or padding inside it.
        int even = 1 << (model.UNet.BlockOutChannels.Count - 1);
        TileGrid unet = Even(
            size, sizes.UNet / factor, sizes.UNetOverlap / factor, even % step == 0 && sizes.UNet / factor >= 2 * even ? even : step);
        TileGrid vae = new(Beside(unet.Rows), Beside(unet.Columns)),
            pixels = new TileScale(factor, 1).Of(vae);
        int together = Math.Clamp(
            (compute.Device == "cpu" ? PositionsOnCpu : PositionsOnGpu) / (unet.Rows.Tile * unet.Columns.Tile), 1, unet.Columns.Count);
        // A graph is for one size, and a row of tiles would end in a batch of another.
        if (compute.Graphs is not null)
            together = 1;
        return (
            new(pixels, new(1, factor), model.EncoderCost(pixels.Rows.Tile, pixels.Columns.Tile)),
            new(unet, TileScale.Same, model.UNetCosts(unet.Rows.Tile, unet.Columns.Tile), together),
            new(vae, new(factor, 1), model.DecoderCost(vae.Rows.Tile, vae.Columns.Tile)));

        // Deviations from an untiled result are largest where the UNet's tiles cross-fade: edges of other tiles there would show as a seam.
        // One or two more tiles cost only their overlap.
        TileAxis Beside(TileAxis restoring)
        {
            TileAxis fewest = TileAxis.Even(restoring.Length, sizes.Vae / factor, sizes.VaeOverlap / factor, step);
            return Enumerable.Range(fewest.Count, fewest.Count == 1 ? 1 : 3)
                .Select(least => TileAxis.Even(restoring.Length, sizes.Vae / factor, sizes.VaeOverlap / factor, step, least))
                .OrderByDescending(axis => axis.ApartFrom(restoring) >= sizes.UNetOverlap / factor / 4).ThenBy(axis => axis.Count).First();
        }
    }

    private static TileGrid Even(PixelSize size, int largest, int overlap, int step) =>
        new(TileAxis.Even(size.Height, largest, overlap, step), TileAxis.Even(size.Width, largest, overlap, step));

    private void RefuseWhatNoImageHolds(PixelSize scaled)
    {
        long bytes = 3 * scaled.Pixels * (bitsPerSample / 8);
        if (bytes > Array.MaxLength)
            throw new PlanException(
                options.SizeOption,
                $"The result would have {scaled} pixels: more than one image can hold.",
                "Choose a smaller size, or restore the image in pieces.");
    }
}
