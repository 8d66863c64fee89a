namespace Hypir.Protocol.Messages;

/// <summary>The engine's status.</summary>
public sealed record EngineStatus
{
    /// <summary>The engine's display version.</summary>
    public required string Version { get; init; }

    /// <summary>The engine's process ID.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Seconds since it started.</summary>
    public required double UptimeSeconds { get; init; }

    /// <summary>The device used if a request does not choose one: "auto", "cpu" or "cuda:N".</summary>
    public required string Device { get; init; }

    /// <summary>Names of the models in memory, most recently used first; a LoRA's name follows after "+".</summary>
    public required IReadOnlyList<string> LoadedModels { get; init; }

    /// <summary>Waiting jobs of all clients.</summary>
    public required int QueuedJobs { get; init; }

    /// <summary>State of the running job, or null.</summary>
    public JobState? Running { get; init; }

    /// <summary>Jobs that have ended, with any outcome.</summary>
    public required long EndedJobs { get; init; }

    /// <summary>Connected clients.</summary>
    public required int Clients { get; init; }

    /// <summary>Memory that the process occupies, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>
    /// Tensors alive on the computing thread after the last job, including the loaded models' weights: constant while the models stay.
    /// </summary>
    public required long LiveTensors { get; init; }
}

/// <summary>The engine's side of the handshake.</summary>
/// <param name="Protocol">The engine's protocol version.</param>
/// <param name="Version">The engine's display version.</param>
/// <param name="ProcessId">The engine's process ID.</param>
/// <param name="PixelFolder">The folder for exchanging pixel files; only this user can read it.</param>
/// <param name="LogFile">The engine's log file.</param>
/// <param name="HeartbeatSeconds">Time between heartbeats.</param>
public sealed record Welcome(int Protocol, string Version, int ProcessId, string PixelFolder, string LogFile, double HeartbeatSeconds);

/// <summary>The version of the protocol between client and engine. docs/protocol.md describes it.</summary>
public static class ProtocolVersion
{
    /// <summary>The current version. Fields and methods may be added within a version; any other change requires a new one.</summary>
    public const int Current = 1;
}
