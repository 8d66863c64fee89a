using Hypir.Planning;
using Hypir.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>The input at the size of the result: what a diffusion model sees, and what a strength of 0 gives.</summary>
internal static class ScaledInput
{
    /// <summary>Scales the input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="plan">Says to which size.</param>
    /// <returns>The input itself where nothing is scaled, else an image that the current scope disposes.</returns>
    public static IPixelSource Of(IPixelSource input, RestorePlan plan)
    {
        ImageSizes sizes = plan.Sizes;
        if (!sizes.Scales)
            return input;
        using var scope = NewDisposeScope();
        Tensor whole = input.Region(Whole(sizes.Input));
        bool shrinks = sizes.Scaled.Pixels < sizes.Input.Pixels;
        // The reference's four taps alias when they shrink.
        Tensor scaled = shrinks && plan.Options.Mode != RestoreMode.Reference ? Resampling.ToSize(whole, sizes.Scaled, antialias: true)
            : sizes.Factor is double factor ? Resampling.ByFactor(whole, factor)
            : Resampling.ToSize(whole, sizes.Scaled, antialias: false);
        return new TensorSource(scaled.MoveToOuterDisposeScope());
    }

    /// <summary>Writes the scaled input as the result, where the model does not run.</summary>
    /// <param name="scaled">From <see cref="Of"/>.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="output">Takes the rows.</param>
    /// <param name="watch">Watches and cancels.</param>
    public static void HandThrough(IPixelSource scaled, RestorePlan plan, IRowSink output, JobWatch watch)
    {
        watch.Meter.Begin(RestoreStage.Finishing);
        for (int start = 0; start < plan.Sizes.Scaled.Height; start += plan.FinishingRows)
        {
            using var scope = NewDisposeScope();
            watch.Band(start);
            int end = Math.Min(start + plan.FinishingRows, plan.Sizes.Scaled.Height);
            output.Write(start, scaled.Region(new(start, end, 0, plan.Sizes.Scaled.Width)));
            watch.Meter.Rows(end - start);
        }
    }

    /// <summary>All of an image.</summary>
    public static TileWindow Whole(PixelSize size) => new(0, size.Height, 0, size.Width);
}
