using Hypir.Protocol.Pixels;

namespace Hypir.Protocol.Messages;

/// <summary>The progress of a job; the notification <c>progress</c>.</summary>
/// <param name="JobId">The job.</param>
/// <param name="State">Its current state.</param>
/// <param name="Fraction">Share of the work that is done, 0 … 1; decreases only if a job is restarted.</param>
/// <param name="Tile">Finished tiles of this stage.</param>
/// <param name="Tiles">Tiles of this stage.</param>
/// <param name="RemainingSeconds">Estimated time left, learned on this machine, or null while unknown.</param>
/// <param name="Ahead">Jobs ahead of it in the queue.</param>
/// <param name="Note">A note for the user, such as a smaller plan after memory ran out; usually null.</param>
public sealed record JobProgress(
    string JobId, JobState State, double Fraction = 0, int Tile = 0, int Tiles = 0, double? RemainingSeconds = null, int Ahead = 0,
    string? Note = null);

/// <summary>The state of a job, in order; it ends in one of the last three.</summary>
public enum JobState
{
    /// <summary>Waiting for other jobs.</summary>
    Queued,

    /// <summary>Reading the model and the pixels.</summary>
    Loading,

    /// <summary>The VAE encodes tiles.</summary>
    Encoding,

    /// <summary>The UNet restores tiles.</summary>
    Restoring,

    /// <summary>The VAE decodes tiles.</summary>
    Decoding,

    /// <summary>Color fix, strength, alpha, writing.</summary>
    Finishing,

    /// <summary>The result is ready.</summary>
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

    /// <summary>Name of the map's pixel file, of the result's size in layout gray8; null unless requested.</summary>
    public string? Map { get; init; }

    /// <summary>Pixels in a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>The pixels' layout: the request's.</summary>
    public required PixelLayout Layout { get; init; }

    /// <summary>Notes for the user about how the result was computed, one sentence each; usually empty.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>
    /// What decided the model of <see cref="CarriedOut"/>, at least one of "strong noise", "some noise", "strong blur", "some blur",
    /// "strong compression", "compression", "light compression", "no damage", "enlarged", "too little memory"; null if the request named a
    /// model.
    /// </summary>
    public IReadOnlyList<string>? Grounds { get; init; }

    /// <summary>Seconds of computation, excluding waiting and loading.</summary>
    public double ComputeSeconds { get; init; }

    /// <summary>Seconds spent on reading and writing pixels in the engine.</summary>
    public double PixelSeconds { get; init; }

    /// <summary>
    /// The request as executed: with the model that was chosen, and with other tiles, precision or device if memory was insufficient.
    /// </summary>
    public required RestoreRequest CarriedOut { get; init; }
}

/// <summary>The notification <c>heartbeat</c>: sent every few seconds, independent of the computing thread.</summary>
/// <param name="UptimeSeconds">Seconds since the engine started.</param>
/// <param name="BlockSeconds">How long the current block has been running; 0 if nothing is computed.</param>
/// <param name="PlannedBlockSeconds">How long the plan's longest block should take, or null if this machine's speed is unknown.</param>
public sealed record Heartbeat(double UptimeSeconds, double BlockSeconds = 0, double? PlannedBlockSeconds = null);
