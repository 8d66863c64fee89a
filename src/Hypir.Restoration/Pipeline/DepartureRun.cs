using Hypir.Imaging;
using Hypir.Imaging.Damage;
using Hypir.Planning;

namespace Hypir.Restoration.Pipeline;

/// <summary>Restores an image and maps where the result departs from what the image supports (docs/departure-map.md).</summary>
internal static class DepartureRun
{
    /// <summary>Restores.</summary>
    /// <param name="input">The image.</param>
    /// <param name="plan">A plan that wants a map.</param>
    /// <param name="progress">Receives reports; null for none.</param>
    /// <param name="restore">Carries a plan out.</param>
    public static RestoreResult Restore(
        RasterImage input, RestorePlan plan, IProgress<RestoreProgress>? progress,
        Func<RestorePlan, IProgress<RestoreProgress>?, RestoreResult> restore)
    {
        RestoreResult result = restore(plan, Part.Of(progress, 0, plan.Runs));
        RasterImage? other = plan.Runs == 1 ? null
            : restore(With(plan, plan.Options with { Seed = unchecked(plan.Options.Seed + 1) }), Part.Of(progress, 1, plan.Runs)).Image;
        // At its own size, the whole image is what a strength of 0 gives.
        RasterImage reference = plan.Area is null && !plan.Sizes.Scales ? input
            : restore(With(plan, plan.Options with { Strength = 0 }), null).Image;
        return result with { Map = DepartureMap.Of(reference, result.Image, other, DamageEstimate.Of(input).Noise) };
    }

    private static RestorePlan With(RestorePlan plan, RestoreOptions options) => plan with { Options = options };

    /// <summary>The progress of one of several runs of equal length.</summary>
    private sealed class Part(IProgress<RestoreProgress> whole, int index, int count) : IProgress<RestoreProgress>
    {
        public static IProgress<RestoreProgress>? Of(IProgress<RestoreProgress>? whole, int index, int count) =>
            whole is null || count == 1 ? whole : new Part(whole, index, count);

        public void Report(RestoreProgress value)
        {
            double ahead = value.Fraction < 1 ? (count - 1 - index) / (1 - value.Fraction) : 0;
            whole.Report(value with { Fraction = (index + value.Fraction) / count, Remaining = value.Remaining * (1 + ahead) });
        }
    }
}
