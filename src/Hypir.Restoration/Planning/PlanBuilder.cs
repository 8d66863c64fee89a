using Hypir.Restoration.Planning.Cost;

namespace Hypir.Restoration.Planning;

/// <summary>Makes a <see cref="RestorePlan"/>.</summary>
internal sealed class PlanBuilder(PixelSize input, bool alpha, int bitsPerSample, RestoreOptions options, ModelFacts model, MachineFacts machine)
{
    /// <summary>Pixels of a band of rows in the finishing stage: some tens of megabytes of temporaries, however wide the picture is.</summary>
    private const int BandPixels = 1 << 19;

    /// <summary>A band recomputes the colour fix's reach above and below it: fewer rows than that would mostly repeat work.</summary>
    private const int LeastBandRows = 32;

    private static readonly NetworkCost Nothing = new([], 0, 0);

    public RestorePlan Build()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(input.Shorter, 1);
        OptionRules.Check(options, model);
        ComputeChoice compute = ComputeChoice.Resolve(options, model.Needs, machine);
        PictureSizes sizes = PictureSizes.Of(input, options, model.Needs, model.TileOf(options), model.Multiple);
        RefuseWhatNoPictureHolds(sizes.Scaled);
        (StagePlan encoding, StagePlan restoring, StagePlan decoding) = Stages(sizes.Padded);
        var plan = new RestorePlan
        {
            Options = options,
            Model = model,
            Compute = compute,
            Sizes = sizes,
            Alpha = alpha,
            BitsPerSample = bitsPerSample,
            ModelT = options.ModelT ?? model.Needs.ModelT,
            CoeffT = options.CoeffT ?? model.Needs.CoeffT,
            Encoding = encoding,
            Restoring = restoring,
            Decoding = decoding,
            FinishingRows = Math.Max(BandPixels / sizes.Scaled.Width, LeastBandRows),
            Memory = [],
            FreeMemory = machine.FreeMemory,
            FreeCardMemory = machine.Cards.FirstOrDefault(card => compute.Device == $"cuda:{card.Index}")?.FreeMemory ?? 0,
        };
        double? speed = machine.SpeedOf(compute.Device, compute.UNet, model.Name)?.OperationsPerSecond;
        return plan with { Memory = MemoryEstimate.Of(plan), Seconds = plan.Operations / speed };
    }

    private (StagePlan Encoding, StagePlan Restoring, StagePlan Decoding) Stages(PixelSize padded)
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

    private void RefuseWhatNoPictureHolds(PixelSize scaled)
    {
        long bytes = 3 * scaled.Pixels * (bitsPerSample / 8);
        if (bytes > Array.MaxLength)
            throw new PlanException(options.LongestSide is null ? "upscale" : "longest-side",
                $"The result would have {scaled} pixels: more than one picture can hold.", "Choose a smaller size, or restore the picture in pieces.");
    }
}
