namespace Hypir.Training.Degrading;

/// <summary>How a run ended.</summary>
/// <param name="Done">Jobs that succeeded.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Cancelled">Whether it was ended before its end.</param>
internal sealed record DegradeSummary(long Done, long Failed, bool Cancelled);
