namespace Hypir.Engine.Reporting;

/// <summary>What became of an image that did not fail.</summary>
/// <param name="Kept">Whether a result was there already and was kept.</param>
/// <param name="Width">The result's width in pixels; 0 where it was kept.</param>
/// <param name="Height">The result's height in pixels; 0 where it was kept.</param>
/// <param name="Elapsed">Time it took, reading and writing included.</param>
/// <param name="Notes">What is worth knowing, a sentence each.</param>
internal sealed record Outcome(bool Kept, int Width, int Height, TimeSpan Elapsed, IReadOnlyList<string> Notes);
