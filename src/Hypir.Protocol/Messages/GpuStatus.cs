using System.Text.Json.Serialization;

namespace Hypir.Protocol.Messages;

/// <summary>An engine's information about computing on this machine's GPU.</summary>
public sealed record GpuStatus
{
    /// <summary>Whether the GPU can be used.</summary>
    public required GpuState State { get; init; }

    /// <summary>
    /// Why the GPU cannot be used, as a sentence for the user, or null. Possible with <see cref="GpuState.Installed"/> too: the driver may
    /// have been removed since.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>The remedy, or null.</summary>
    public string? Remedy { get; init; }

    /// <summary>Version of NVIDIA's driver, or null if there is none.</summary>
    public string? Driver { get; init; }

    /// <summary>Names of the NVIDIA GPUs.</summary>
    [JsonPropertyName("cards")]
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>The installed or available backend, for display; null if there is none for this system.</summary>
    public string? Title { get; init; }

    /// <summary>Size of the whole download in bytes, or null if only the server knows it.</summary>
    public long? DownloadBytes { get; init; }

    /// <summary>Bytes already downloaded.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Free bytes required before the download, including space for unpacking.</summary>
    public long RoomBytes { get; init; }

    /// <summary>Free bytes at the target, or null if unknown.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Whether the download's hash is known in advance.</summary>
    public bool HashKnown { get; init; }

    /// <summary>Size of the installed libraries in bytes.</summary>
    public long InstalledBytes { get; init; }

    /// <summary>
    /// Whether the running engine uses another libtorch than a newly started one would: shut it down, and the next one uses the right one.
    /// </summary>
    public bool RestartNeeded { get; init; }
}

/// <summary>Whether an engine can compute on the machine's GPU.</summary>
public enum GpuState
{
    /// <summary>Nothing is installed, and nothing available would help: <see cref="GpuStatus.Problem"/> says why.</summary>
    Unsuitable,

    /// <summary>A backend can be installed.</summary>
    Available,

    /// <summary>A backend is partly downloaded; installing continues from there.</summary>
    Partial,

    /// <summary>A backend is installed.</summary>
    Installed,

    /// <summary>The user named the engine's libtorch, so nothing else is installed or chosen.</summary>
    Named,
}
