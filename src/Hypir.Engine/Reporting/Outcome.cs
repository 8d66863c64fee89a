

using Hypir.Imaging;

namespace Hypir.Engine.Reporting;

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
