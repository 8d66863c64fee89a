using Hypir.Imaging;

namespace Hypir.Engine.Reporting;

/// <summary>The outcome of a run.</summary>
/// <param name="Restored">Number of restored images.</param>
/// <param name="Kept">Number of images whose results already existed.</param>
/// <param name="Failed">Number of failed images.</param>
/// <param name="Elapsed">Duration of the whole run.</param>
/// <param name="Several">Whether the job had more than one image.</param>
internal sealed record BatchSummary(int Restored, int Kept, int Failed, TimeSpan Elapsed, bool Several)
{
    /// <summary>Images in unsupported formats.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Restored} restored, {Kept} kept, {Failed} failed in {Words.Of(Elapsed)}")
        + (LeftOut.Count > 0 ? $"; {ImageSearch.Describe(LeftOut)}" : "");
}

/// <summary>The outcome of an image that did not fail.</summary>
/// <param name="Kept">Whether an existing result was kept.</param>
/// <param name="Width">The result's width in pixels; 0 if it was kept.</param>
/// <param name="Height">The result's height in pixels; 0 if it was kept.</param>
/// <param name="Elapsed">Time taken, including reading and writing.</param>
/// <param name="Notes">Notes for the user, one sentence each.</param>
internal sealed record Outcome(bool Kept, int Width, int Height, TimeSpan Elapsed, IReadOnlyList<string> Notes)
{
    /// <summary>Whether it is counted and reported without a line of its own.</summary>
    public bool Silent { get; init; }

    /// <summary>Whether this is a dry run: a result would be kept.</summary>
    public bool DryRun { get; init; }

    /// <summary>The image for the report; null if there is no report or the image cannot be shown.</summary>
    public Preview? Before { get; init; }

    /// <summary>The result for the report; null if there is no report or the result cannot be shown.</summary>
    public Preview? After { get; init; }

    /// <summary>An existing result was kept.</summary>
    public static Outcome Keep(bool silent) => new(Kept: true, 0, 0, TimeSpan.Zero, []) { Silent = silent };
}
