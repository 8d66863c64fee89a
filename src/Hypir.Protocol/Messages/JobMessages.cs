using Hypir.Protocol.Pixels;

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
    string JobId, JobState State, double Fraction = 0, int Tile = 0, int Tiles = 0, double? RemainingSeconds = null, int Ahead = 0,
    string? Note = null);

/// <summary>Where a job is, in order; it ends in one of the last three.</summary>
public enum JobState
{
    /// <summary>Other jobs are first.</summary>
    Queued,

    /// <summary>The model and the pixels are read.</summary>
    Loading,

    /// <summary>The VAE encodes tiles.</summary>
    Encoding,

    /// <summary>The UNet restores tiles.</summary>
    Restoring,

    /// <summary>The VAE decodes tiles.</summary>
    Decoding,

    /// <summary>Color fix, strength, alpha, writing.</summary>
    Finishing,

    /// <summary>The result is there.</summary>
    Done,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>It failed; the answer says why.</summary>
    Failed,
}

/// <summary>A restored image.</summary>
public sealed record JobResult
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Name of the result's pixel file in <see cref="Welcome.PixelFolder"/>; the client deletes it.</summary>
    public required string Pixels { get; init; }

    /// <summary>Pixels in a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>The pixels' layout: the request's.</summary>
    public required PixelLayout Layout { get; init; }

    /// <summary>What a person should know about how it came about, one sentence each; mostly none.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Seconds of computation, without waiting and loading.</summary>
    public double ComputeSeconds { get; init; }

    /// <summary>Seconds of reading and writing pixels in the engine.</summary>
    public double PixelSeconds { get; init; }

    /// <summary>The request as it was carried out: other tiles, precision or device where memory did not suffice.</summary>
    public required RestoreRequest CarriedOut { get; init; }
}

/// <summary>The notification <c>heartbeat</c>: sent every few seconds, whatever the computing thread does.</summary>
/// <param name="UptimeSeconds">Seconds since the engine started.</param>
/// <param name="BlockSeconds">How long the block has been computed that is under way; 0 where nothing is computed.</param>
/// <param name="PlannedBlockSeconds">How long the longest block of the plan should take, or null where this machine's speed is not known.</param>
public sealed record Heartbeat(double UptimeSeconds, double BlockSeconds = 0, double? PlannedBlockSeconds = null);
