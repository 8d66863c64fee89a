namespace Hypir.Protocol.Messages;

/// <summary>The data of a JSON-RPC error.</summary>
/// <param name="Remedy">What to do next, as a sentence, or null.</param>
/// <param name="Option">The request's field that is at fault, or null.</param>
/// <param name="Request">With <see cref="EngineError.RestartNeeded"/>: the request to send to the next engine.</param>
/// <param name="Protocol">With <see cref="EngineError.VersionMismatch"/>: the engine's protocol version.</param>
/// <param name="Version">With <see cref="EngineError.VersionMismatch"/>: the engine's version, for people.</param>
/// <param name="Licence">With <see cref="EngineError.LicenceNeeded"/>: short name of the licence to be accepted.</param>
/// <param name="Cause">With <see cref="EngineError.DownloadFailed"/>: a word for the cause, such as <c>notFound</c> or <c>wrongHash</c>.</param>
public sealed record ErrorDetails(
    string? Remedy = null, string? Option = null, RestoreRequest? Request = null, int? Protocol = null, string? Version = null, string? Licence = null, string? Cause = null);
