namespace Hypir.Protocol.Messages;

/// <summary>How far a job is; the notification <c>progress</c>.</summary>
/// <param name="JobId">The job.</param>
/// <param name="State">Where it is.</param>
/// <param name="Fraction">Share of the work that is done, 0 … 1; falls only where a job has to begin again.</param>
/// <param name="Tile">Tiles of this stage that are done.</param>
/// <param name="Tiles">Tiles of this stage.</param>
/// <param name="RemainingSeconds">Time left, learned on this machine, or null while nothing is known.</param>
/// <param name="Ahead">Jobs that are computed first, while it waits.</param>
/// <param name="Note">Something to tell the person, such as a smaller plan after memory ran out; mostly null.</param>
public sealed record JobProgress(
    string JobId, JobState State, double Fraction = 0, int Tile = 0, int Tiles = 0, double? RemainingSeconds = null, int Ahead = 0, string? Note = null);
