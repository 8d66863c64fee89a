using StreamJsonRpc;

namespace Hypir.Protocol.Messages;

/// <summary>
/// The calls that an engine answers. Arguments are passed by name, as JSON; docs/protocol.md describes the wire format. Failures are
/// JSON-RPC errors whose code is an <see cref="EngineError"/> and whose data is an <see cref="ErrorDetails"/>.
/// </summary>
[JsonRpcContract]
public partial interface IEngine
{
    /// <summary>The handshake: the first call of each connection; any other call before it is refused.</summary>
    /// <param name="protocol">The client's <see cref="ProtocolVersion.Current"/>.</param>
    /// <param name="client">The client's name and version, for the log; at most 100 characters.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The engine's identity.</returns>
    [JsonRpcMethod("hello")]
    Task<Welcome> HelloAsync(int protocol, string client, CancellationToken cancellation);

    /// <summary>The engine's status.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>A snapshot.</returns>
    [JsonRpcMethod("getStatus")]
    Task<EngineStatus> GetStatusAsync(CancellationToken cancellation);

    /// <summary>The models and LoRA weights that requests can name, and the models available for download.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The store's content.</returns>
    [JsonRpcMethod("listModels")]
    Task<ModelList> ListModelsAsync(CancellationToken cancellation);

    /// <summary>A license to show to the user.</summary>
    /// <param name="licence">Its short name, from <see cref="ModelEntry.Licences"/>.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The text to show.</returns>
    [JsonRpcMethod("getLicence")]
    Task<LicenseText> GetLicenceAsync(string licence, CancellationToken cancellation);

    /// <summary>Records that the user was shown a license and accepted it.</summary>
    /// <param name="licence">Its short name.</param>
    /// <param name="sha256">The hash of the text that was shown: a different wording is not accepted unseen.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>Completes when the acceptance is recorded.</returns>
    [JsonRpcMethod("acceptLicence")]
    Task AcceptLicenceAsync(string licence, string sha256, CancellationToken cancellation);

    /// <summary>
    /// Downloads the missing parts of a model and its bases, and answers when all of it is here. Received bytes are kept however this ends.
    /// Progress is sent as notifications.
    /// </summary>
    /// <param name="jobId">A name for the download, as in <see cref="RestoreAsync"/>.</param>
    /// <param name="model">A model's name.</param>
    /// <param name="cancellation">Cancels the download.</param>
    /// <returns>The updated model.</returns>
    [JsonRpcMethod("downloadModel")]
    Task<ModelEntry> DownloadModelAsync(string jobId, string model, CancellationToken cancellation);

    /// <summary>Adds a model from files that the user chose on this machine.</summary>
    /// <param name="jobId">A name for the job, as in <see cref="RestoreAsync"/>; copying reports progress like a download.</param>
    /// <param name="request">What to add, and how.</param>
    /// <param name="cancellation">Cancels copying.</param>
    /// <returns>The new model.</returns>
    [JsonRpcMethod("addModel")]
    Task<ModelEntry> AddModelAsync(string jobId, AddModelRequest request, CancellationToken cancellation);

    /// <summary>Whether the engine can compute on the machine's GPU, and what that requires.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The status.</returns>
    [JsonRpcMethod("getGpu")]
    Task<GpuStatus> GetGpuAsync(CancellationToken cancellation);

    /// <summary>
    /// Downloads and unpacks the libraries for computing on the machine's GPU, and answers when all of it is here. Received bytes are kept
    /// however this ends. Progress is sent as notifications.
    /// </summary>
    /// <param name="jobId">A name for the download, as in <see cref="RestoreAsync"/>.</param>
    /// <param name="anyway">Whether to install even if <see cref="GpuStatus.Problem"/> says that it will not help.</param>
    /// <param name="cancellation">Cancels the download.</param>
    /// <returns>The updated status; <see cref="GpuStatus.RestartNeeded"/> is set.</returns>
    [JsonRpcMethod("installGpu")]
    Task<GpuStatus> InstallGpuAsync(string jobId, bool anyway, CancellationToken cancellation);

    /// <summary>Removes what <see cref="InstallGpuAsync"/> installed, and the parts of an unfinished download.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The updated status.</returns>
    [JsonRpcMethod("removeGpu")]
    Task<GpuStatus> RemoveGpuAsync(CancellationToken cancellation);

    /// <summary>Estimates the cost of a request. Nothing is loaded or computed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The plan.</returns>
    [JsonRpcMethod("plan")]
    Task<PlanAnswer> PlanAsync(RestoreRequest request, CancellationToken cancellation);

    /// <summary>Restores an image, and answers when the job has ended. Progress is sent as notifications.</summary>
    /// <param name="jobId">The client's name for the job: 1 to 64 letters, digits and hyphens, not in use by a job of this
    /// connection.</param>
    /// <param name="pixels">Name of the input's pixel file in <see cref="Welcome.PixelFolder"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Cancels the job.</param>
    /// <returns>The result; the client deletes its pixel file after reading it.</returns>
    [JsonRpcMethod("restore")]
    Task<JobResult> RestoreAsync(string jobId, string pixels, RestoreRequest request, CancellationToken cancellation);

    /// <summary>Cancels a job of any kind on this connection; its call then ends with <see cref="EngineError.Cancelled"/>.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>Whether there was such an unfinished job.</returns>
    [JsonRpcMethod("cancel")]
    Task<bool> CancelAsync(string jobId, CancellationToken cancellation);

    /// <summary>Shuts the engine down. Jobs of all clients end with <see cref="EngineError.ShuttingDown"/>.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>Completes when the shutdown has started.</returns>
    [JsonRpcMethod("shutdown")]
    Task ShutdownAsync(CancellationToken cancellation);
}
