using System.Text.Json.Serialization;

namespace Hypir.Protocol.Messages;

/// <summary>What an engine knows of computing on this machine's GPU.</summary>
public sealed record GpuStatus
{
    /// <summary>Whether it can.</summary>
    public required GpuState State { get; init; }

    /// <summary>
    /// Why the GPU cannot be used, as a sentence for the person, or null. With <see cref="GpuState.Installed"/> too: the driver may have
    /// gone since.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>What to do about it, or null.</summary>
    public string? Remedy { get; init; }

    /// <summary>Version of NVIDIA's driver, or null where there is none.</summary>
    public string? Driver { get; init; }

    /// <summary>Names of NVIDIA's GPUs.</summary>
    [JsonPropertyName("cards")]
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>What is installed or could be, for people; null where nothing is known for this system.</summary>
    public string? Title { get; init; }

    /// <summary>Bytes of the whole download, or null where the size is told only by the server.</summary>
    public long? DownloadBytes { get; init; }

    /// <summary>Bytes of it that are here already.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Bytes that must be free before the download begins, those for unpacking included.</summary>
    public long RoomBytes { get; init; }

    /// <summary>Bytes that are free where it goes, or null where that cannot be told.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Whether the download's hash is known beforehand.</summary>
    public bool HashKnown { get; init; }

    /// <summary>Bytes that the installed libraries take.</summary>
    public long InstalledBytes { get; init; }

    /// <summary>
    /// Whether the engine that answers computes with another libtorch than one that starts now would: end it (shutdown), and the next one
    /// does.
    /// </summary>
    public bool RestartNeeded { get; init; }
}

/// <summary>Whether an engine can compute on the machine's GPU.</summary>
public enum GpuState
{
    /// <summary>Nothing is installed, and nothing that could be installed would help: <see cref="GpuStatus.Problem"/> says why.</summary>
    Unsuitable,

    /// <summary>A backend can be installed.</summary>
    Available,

    /// <summary>A part of it has been downloaded; installing goes on from there.</summary>
    Partial,

    /// <summary>A backend is installed.</summary>
    Installed,

    /// <summary>The engine was told which libtorch to use; nothing is installed or chosen beside that.</summary>
    Named,
}
