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

    /// <summary>The report that was written; null if none.</summary>
    public string? Report { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Restored} restored, {Kept} kept, {Failed} failed in {Words.Of(Elapsed)}")
        + (LeftOut.Count > 0 ? $"; {ImageSearch.Describe(LeftOut)}" : "");
}

/// <summary>What the plans of a dry run add up to.</summary>
internal sealed class PlanTotals
{
    /// <summary>Images that would be restored.</summary>
    public int Restored { get; private set; }

    /// <summary>Images whose results would be kept.</summary>
    public int Kept { get; set; }

    /// <summary>Images that would fail or be refused.</summary>
    public int Refused { get; set; }

    /// <summary>Expected computing time; null if it is unknown for any image.</summary>
    public double? Seconds { get; private set; } = 0;

    /// <summary>Peak memory of the largest image.</summary>
    public long MemoryBytes { get; private set; }

    /// <summary>Upper bound of the results' size on disk: their samples without compression.</summary>
    public long ResultBytes { get; private set; }

    /// <summary>Counts an image that would be restored.</summary>
    public void Add(PlanSummary plan, long resultBytes)
    {
        Restored++;
        Seconds += plan.Seconds;
        MemoryBytes = Math.Max(MemoryBytes, plan.MemoryBytes);
        ResultBytes += resultBytes;
    }
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

    /// <summary>The middle of the image, pixel by pixel, if the other preview is reduced.</summary>
    public Preview? BeforeDetail { get; init; }

    /// <summary>The middle of the result, pixel by pixel, if the other preview is reduced.</summary>
    public Preview? AfterDetail { get; init; }

    /// <summary>An existing result was kept.</summary>
    public static Outcome Keep(bool silent) => new(Kept: true, 0, 0, TimeSpan.Zero, []) { Silent = silent };
}
