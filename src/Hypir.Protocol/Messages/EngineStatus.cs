namespace Hypir.Protocol.Messages;

/// <summary>How an engine is.</summary>
public sealed record EngineStatus
{
    /// <summary>The engine's version, for people.</summary>
    public required string Version { get; init; }

    /// <summary>The engine's process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Seconds since it started.</summary>
    public required double UptimeSeconds { get; init; }

    /// <summary>What it computes on when a request leaves the choice to it: "auto", "cpu" or "cuda:N".</summary>
    public required string Device { get; init; }

    /// <summary>Names of the models in memory, the last used first; a LoRA's name follows after "+".</summary>
    public required IReadOnlyList<string> LoadedModels { get; init; }

    /// <summary>Jobs that wait, of all clients.</summary>
    public required int QueuedJobs { get; init; }

    /// <summary>State of the job under way, or null.</summary>
    public JobState? Running { get; init; }

    /// <summary>Jobs that ended, in whatever way.</summary>
    public required long EndedJobs { get; init; }

    /// <summary>Connected clients.</summary>
    public required int Clients { get; init; }

    /// <summary>Bytes of memory that the process occupies.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>
    /// Tensors alive on the computing thread after the last job, the loaded models' weights among them: constant while models stay.
    /// </summary>
    public required long LiveTensors { get; init; }
}

/// <summary>The engine's side of the handshake.</summary>
/// <param name="Protocol">The engine's protocol version.</param>
/// <param name="Version">The engine's version, for people.</param>
/// <param name="ProcessId">The engine's process.</param>
/// <param name="PixelFolder">The folder in which pixel files are exchanged; only this user can read it.</param>
/// <param name="LogFile">The file the engine writes its log to.</param>
/// <param name="HeartbeatSeconds">Time between heartbeats.</param>
public sealed record Welcome(int Protocol, string Version, int ProcessId, string PixelFolder, string LogFile, double HeartbeatSeconds);

/// <summary>The version of what client and engine say to each other. docs/protocol.md describes it.</summary>
public static class ProtocolVersion
{
    /// <summary>This version. Fields and methods may be added within a version; anything else makes a new one.</summary>
    public const int Current = 1;
}
