using Hypir.Imaging;

namespace Hypir.Engine.Reporting;

/// <summary>What became of the images of a run.</summary>
/// <param name="Restored">Images that were restored.</param>
/// <param name="Kept">Images whose results were there already.</param>
/// <param name="Failed">Images that failed.</param>
/// <param name="Elapsed">Time of the whole run.</param>
/// <param name="Several">Whether more was asked for than one image.</param>
internal sealed record BatchSummary(int Restored, int Kept, int Failed, TimeSpan Elapsed, bool Several)
{
    /// <summary>Images of kinds that are not read.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Restored} restored, {Kept} kept, {Failed} failed in {Words.Of(Elapsed)}")
        + (LeftOut.Count > 0 ? $"; {ImageSearch.Describe(LeftOut)}" : "");
}

/// <summary>What became of an image that did not fail.</summary>
/// <param name="Kept">Whether a result was there already and was kept.</param>
/// <param name="Width">The result's width in pixels; 0 where it was kept.</param>
/// <param name="Height">The result's height in pixels; 0 where it was kept.</param>
/// <param name="Elapsed">Time it took, reading and writing included.</param>
/// <param name="Notes">What is worth knowing, a sentence each.</param>
internal sealed record Outcome(bool Kept, int Width, int Height, TimeSpan Elapsed, IReadOnlyList<string> Notes)
{
    /// <summary>Whether it is counted and reported, but no line is made of it.</summary>
    public bool Silent { get; init; }

    /// <summary>Whether nothing is written: a result would be kept.</summary>
    public bool DryRun { get; init; }

    /// <summary>The image, for a report; null without one, or where it cannot be shown.</summary>
    public Preview? Before { get; init; }

    /// <summary>The result, for a report; null without one, or where it cannot be shown.</summary>
    public Preview? After { get; init; }

    /// <summary>A result was there and is kept.</summary>
    public static Outcome Keep(bool silent) => new(Kept: true, 0, 0, TimeSpan.Zero, []) { Silent = silent };
}
