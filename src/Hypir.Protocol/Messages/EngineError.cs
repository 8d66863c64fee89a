using Hypir.Protocol.Client;

namespace Hypir.Protocol.Messages;

/// <summary>The kind of failure, as a JSON-RPC error code. docs/protocol.md shows this table.</summary>
public enum EngineError
{
    /// <summary>A bug in the engine; see its log.</summary>
    Internal = 1,

    /// <summary>The first call of a connection must be hello.</summary>
    HandshakeNeeded = 2,

    /// <summary>Client and engine speak different versions of the protocol.</summary>
    VersionMismatch = 3,

    /// <summary>An option is out of range or does not fit the image, the model or the machine.</summary>
    BadRequest = 4,

    /// <summary>The pixel file is missing, damaged, or does not match the request.</summary>
    BadPixels = 5,

    /// <summary>The store has no model or LoRA of this name.</summary>
    UnknownModel = 6,

    /// <summary>The model's files are damaged or do not fit together, or the model gives invalid numbers.</summary>
    BadModel = 7,

    /// <summary>There is not enough memory, even after every fallback that the request allows.</summary>
    OutOfMemory = 8,

    /// <summary>
    /// Memory ran out, and only a new process can regain it: the engine ends; send <see cref="ErrorDetails.Request"/> to the next one.
    /// </summary>
    RestartNeeded = 9,

    /// <summary>The job was cancelled.</summary>
    Cancelled = 10,

    /// <summary>The client has too many unfinished jobs.</summary>
    TooManyJobs = 11,

    /// <summary>The client has an unfinished job of this name.</summary>
    DuplicateJob = 12,

    /// <summary>The engine is shutting down; a new one can be started.</summary>
    ShuttingDown = 13,

    /// <summary>The result's pixels, or a model's files, could not be written, usually because the disk is full.</summary>
    CannotWrite = 14,

    /// <summary>A license must be accepted first; <see cref="ErrorDetails.Licence"/> names it.</summary>
    LicenceNeeded = 15,

    /// <summary>No source provides the files; <see cref="ErrorDetails.Cause"/> gives the reason.</summary>
    DownloadFailed = 16,

    /// <summary>The GPU libraries cannot be installed here, or would not help: the message says why.</summary>
    GpuUnsuitable = 17,

    /// <summary>Client side: no engine was found in the expected places.</summary>
    EngineMissing = 100,

    /// <summary>Client side: the engine was started and ended before it answered.</summary>
    EngineDidNotStart = 101,

    /// <summary>Client side: the engine ended in the middle of the job, and again after a restart.</summary>
    EngineCrashed = 102,

    /// <summary>Client side: a program of another user answers under the engine's name.</summary>
    ForeignPipe = 103,

    /// <summary>Client side: the engine does not answer.</summary>
    EngineUnresponsive = 104,
}

/// <summary>A call to the engine failed: what is wrong, what to do, and the engine's last output.</summary>
/// <param name="error">The kind of failure.</param>
/// <param name="message">What is wrong.</param>
/// <param name="details">Details from the engine, if any.</param>
/// <param name="inner">The underlying exception, if any.</param>
public sealed class EngineException(EngineError error, string message, ErrorDetails? details = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The kind of failure.</summary>
    public EngineError Error { get; } = error;

    /// <summary>Details from the engine, if any.</summary>
    public ErrorDetails Details { get; } = details ?? new();

    /// <summary>What to do next, as a sentence, or null.</summary>
    public string? Remedy => Details.Remedy;

    /// <summary>How engines ended during the call, in order; usually empty.</summary>
    public IReadOnlyList<EngineEnd> Ends { get; init; } = [];
}

/// <summary>The data of a JSON-RPC error.</summary>
/// <param name="Remedy">What to do next, as a sentence, or null.</param>
/// <param name="Option">The request's invalid field, or null.</param>
/// <param name="Request">With <see cref="EngineError.RestartNeeded"/>: the request to send to the next engine.</param>
/// <param name="Protocol">With <see cref="EngineError.VersionMismatch"/>: the engine's protocol version.</param>
/// <param name="Version">With <see cref="EngineError.VersionMismatch"/>: the engine's version, for people.</param>
/// <param name="Licence">With <see cref="EngineError.LicenceNeeded"/>: short name of the license to accept.</param>
/// <param name="Cause">With <see cref="EngineError.DownloadFailed"/>: a keyword for the cause, such as <c>notFound</c> or
/// <c>wrongHash</c>.</param>
public sealed record ErrorDetails(
    string? Remedy = null, string? Option = null, RestoreRequest? Request = null, int? Protocol = null, string? Version = null,
    string? Licence = null, string? Cause = null);
