using Hypir.Protocol.Client;

namespace Hypir.Protocol.Messages;

/// <summary>What went wrong, as a JSON-RPC error code. docs/protocol.md shows this table.</summary>
public enum EngineError
{
    /// <summary>The engine itself is at fault; its log says more.</summary>
    Internal = 1,

    /// <summary>The first call of a connection must be hello.</summary>
    HandshakeNeeded = 2,

    /// <summary>Client and engine speak different versions of the protocol.</summary>
    VersionMismatch = 3,

    /// <summary>An option is out of its range or does not fit the image, the model or the machine.</summary>
    BadRequest = 4,

    /// <summary>The pixel file is missing, damaged, or not what the request says.</summary>
    BadPixels = 5,

    /// <summary>The store has no model or LoRA of this name.</summary>
    UnknownModel = 6,

    /// <summary>The model's files are damaged or do not fit together, or the model gives no valid numbers.</summary>
    BadModel = 7,

    /// <summary>Memory does not suffice, even after all steps that the request allows.</summary>
    OutOfMemory = 8,

    /// <summary>
    /// Memory ran out and only a new process gets it back: the engine ends; <see cref="ErrorDetails.Request"/> is what to send to the next
    /// one.
    /// </summary>
    RestartNeeded = 9,

    /// <summary>The job was cancelled.</summary>
    Cancelled = 10,

    /// <summary>The client has too many jobs that have not ended.</summary>
    TooManyJobs = 11,

    /// <summary>The client has a job of this name that has not ended.</summary>
    DuplicateJob = 12,

    /// <summary>The engine is ending; the next one can be asked.</summary>
    ShuttingDown = 13,

    /// <summary>The result's pixels, or a model's files, could not be written, mostly because the disk is full.</summary>
    CannotWrite = 14,

    /// <summary>A license must be accepted first; <see cref="ErrorDetails.Licence"/> says which.</summary>
    LicenceNeeded = 15,

    /// <summary>No source gives the files; <see cref="ErrorDetails.Cause"/> says why.</summary>
    DownloadFailed = 16,

    /// <summary>What computing on the GPU takes cannot be installed here, or would not help: the message says why.</summary>
    GpuUnsuitable = 17,

    /// <summary>Client side: no engine was found where it should be installed.</summary>
    EngineMissing = 100,

    /// <summary>Client side: the engine was started and ended before it answered.</summary>
    EngineDidNotStart = 101,

    /// <summary>Client side: the engine ended in the middle of the job, and again after it was started once more.</summary>
    EngineCrashed = 102,

    /// <summary>Client side: a program of another user answers under the engine's name.</summary>
    ForeignPipe = 103,

    /// <summary>Client side: the engine does not answer.</summary>
    EngineUnresponsive = 104,
}

/// <summary>A call of the engine failed: what is wrong, what to do, and what the engine last said.</summary>
/// <param name="error">What kind of failure it is.</param>
/// <param name="message">What is wrong.</param>
/// <param name="details">More, where the engine told it.</param>
/// <param name="inner">The cause, if another exception told of it.</param>
public sealed class EngineException(EngineError error, string message, ErrorDetails? details = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public EngineError Error { get; } = error;

    /// <summary>More, where the engine told it.</summary>
    public ErrorDetails Details { get; } = details ?? new();

    /// <summary>What to do next, as a sentence, or null.</summary>
    public string? Remedy => Details.Remedy;

    /// <summary>How engines ended during the call, the first one first; mostly none.</summary>
    public IReadOnlyList<EngineEnd> Ends { get; init; } = [];
}

/// <summary>The data of a JSON-RPC error.</summary>
/// <param name="Remedy">What to do next, as a sentence, or null.</param>
/// <param name="Option">The request's field that is at fault, or null.</param>
/// <param name="Request">With <see cref="EngineError.RestartNeeded"/>: the request to send to the next engine.</param>
/// <param name="Protocol">With <see cref="EngineError.VersionMismatch"/>: the engine's protocol version.</param>
/// <param name="Version">With <see cref="EngineError.VersionMismatch"/>: the engine's version, for people.</param>
/// <param name="Licence">With <see cref="EngineError.LicenceNeeded"/>: short name of the license to be accepted.</param>
/// <param name="Cause">With <see cref="EngineError.DownloadFailed"/>: a word for the cause, such as <c>notFound</c> or <c>wrongHash</c>.</param>
public sealed record ErrorDetails(
    string? Remedy = null, string? Option = null, RestoreRequest? Request = null, int? Protocol = null, string? Version = null,
    string? Licence = null, string? Cause = null);
