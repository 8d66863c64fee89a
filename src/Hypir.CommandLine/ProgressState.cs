namespace Hypir.CommandLine;

/// <summary>How far a piece of work is.</summary>
/// <param name="Label">What is worked on, such as a file's name; shortened in the middle where there is no room.</param>
/// <param name="Fraction">How much is done, from 0 to 1.</param>
/// <param name="Activity">What is being done; cut at its end where there is no room.</param>
internal sealed record ProgressState(string Label, double Fraction, string Activity);
