using System.Diagnostics;
using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Planning.Machine;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Measures how fast a model computes before its first image, so that the first estimate of the time left is based on a measurement. It
/// restores small gray images; a first one pays for what only happens once and is not measured.
/// </summary>
internal static class SpeedProbe
{
    /// <summary>The longest time that a measurement may take. A network's blocks are not interrupted.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(0.3);

    /// <summary>Operations that even a slow CPU computes within the limit.</summary>
    private const double Affordable = 4e9;

    private static readonly int[] Sides = [512, 256, 128, 64];

    /// <summary>Measures.</summary>
    /// <param name="restorer">The loaded model.</param>
    /// <param name="options">The options of the images to come.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="cancellation">Cancels the measurement.</param>
    /// <returns>Operations per second; null if nothing could be measured.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static double? Measure(Restorer restorer, RestoreOptions options, MachineFacts machine, CancellationToken cancellation)
    {
        RestorePlan[] plans = [.. Sides.Select(side => Plan(restorer, options, machine, side))];
        RestorePlan smallest = plans[^1], measured = plans.FirstOrDefault(plan => plan.Operations <= Affordable) ?? smallest;
        // A small model's first image costs far more than others, which must not be cut off; a large one's hardly does.
        Run(restorer, smallest, LimitOf(smallest), cancellation);
        return Run(restorer, measured, LimitOf(measured), cancellation) is { } rate ? measured.Operations * rate : null;
    }

    /// <summary>
    /// How long an image may take. What even a slow CPU computes in time is never cut off: on a busy machine a pause of the process would
    /// otherwise be measured, not the model.
    /// </summary>
    internal static TimeSpan LimitOf(RestorePlan plan) => plan.Operations <= Affordable ? Timeout.InfiniteTimeSpan : Limit;

    /// <summary>Restores an image until the time is up.</summary>
    /// <returns>The share of it per second; null if no block was completed.</returns>
    private static double? Run(Restorer restorer, RestorePlan plan, TimeSpan limit, CancellationToken cancellation)
    {
        var gray = new byte[3 * plan.Image.Pixels];
        gray.AsSpan().Fill(128);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = new Watch(end, limit);
        try
        {
            restorer.Restore(new RasterImage(plan.Image.Width, plan.Image.Height, 8, gray, null), plan, watch, end.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // What was computed until now was measured.
        }

        return watch.SharePerSecond;
    }

    private static RestorePlan Plan(Restorer restorer, RestoreOptions options, MachineFacts machine, int side)
    {
        // A diffusion model enlarges what is smaller than its tile.
        int? tile = restorer.Facts.SinglePass is null && side < restorer.Facts.TileOf(new()) ? side : null;
        RestoreOptions small = options.AtOwnSize() with { Strength = 1, Tile = tile, Stride = tile };
        return RestorePlan.Create(side, side, false, small, restorer.Facts, machine);
    }

    /// <summary>Notes when each share of the work was done and ends it when the time is up.</summary>
    private sealed class Watch(CancellationTokenSource end, TimeSpan limit) : IProgress<RestoreProgress>
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private (double Share, TimeSpan At)? _first;
        private (double Share, TimeSpan At) _last;

        /// <summary>Share of the work per second since the first report.</summary>
        public double? SharePerSecond => _first is { } first && _last.Share > first.Share && _last.At > first.At
            ? (_last.Share - first.Share) / (_last.At - first.At).TotalSeconds : null;

        /// <inheritdoc/>
        public void Report(RestoreProgress value)
        {
            _last = (value.Fraction, _clock.Elapsed);
            _first ??= _last;
            if (limit != Timeout.InfiniteTimeSpan && _clock.Elapsed > limit)
                end.Cancel();
        }
    }
}
