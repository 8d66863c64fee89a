namespace Hypir.Protocol.Messages;

/// <summary>Whether an engine can compute on the machine's card.</summary>
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
