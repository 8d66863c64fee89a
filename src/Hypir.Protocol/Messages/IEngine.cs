using StreamJsonRpc;

namespace Hypir.Protocol.Messages;

/// <summary>
/// What an engine answers. Arguments travel by name, as JSON; docs/protocol.md describes the wire. Failures are JSON-RPC errors whose code
/// is an
/// <see cref="EngineError"/> and whose data is an <see cref="ErrorDetails"/>.
/// </summary>
[JsonRpcContract]
public partial interface IEngine
{
    /// <summary>The handshake: the first call of each connection; any other call before it is refused.</summary>
    /// <param name="protocol">The client's <see cref="ProtocolVersion.Current"/>.</param>
    /// <param name="client">The client's name and version, for the log; at most 100 characters.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Who answers.</returns>
    [JsonRpcMethod("hello")]
    Task<Welcome> HelloAsync(int protocol, string client, CancellationToken cancellation);

    /// <summary>How the engine is.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A snapshot.</returns>
    [JsonRpcMethod("getStatus")]
    Task<EngineStatus> GetStatusAsync(CancellationToken cancellation);

    /// <summary>The models and LoRA weights that requests can name, and the models that could be had.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The store's content.</returns>
    [JsonRpcMethod("listModels")]
    Task<ModelList> ListModelsAsync(CancellationToken cancellation);

    /// <summary>A license, to be shown to the person.</summary>
    /// <param name="licence">Its short name, from <see cref="ModelEntry.Licences"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What to show.</returns>
    [JsonRpcMethod("getLicence")]
    Task<LicenseText> GetLicenceAsync(string licence, CancellationToken cancellation);

    /// <summary>Remembers that the person was shown a license and accepted it.</summary>
    /// <param name="licence">Its short name.</param>
    /// <param name="sha256">The hash of what was shown: another wording is not accepted unseen.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>When it is remembered.</returns>
    [JsonRpcMethod("acceptLicence")]
    Task AcceptLicenceAsync(string licence, string sha256, CancellationToken cancellation);

    /// <summary>
    /// Downloads a model and what it builds on, as far as it is not here; the answer comes when all of it is. What has come is kept however
    /// this ends. Progress comes as notifications meanwhile.
    /// </summary>
    /// <param name="jobId">A name for the download, as in <see cref="RestoreAsync"/>.</param>
    /// <param name="model">A model's name.</param>
    /// <param name="cancellation">Ends the download.</param>
    /// <returns>The model, as it is now.</returns>
    [JsonRpcMethod("downloadModel")]
    Task<ModelEntry> DownloadModelAsync(string jobId, string model, CancellationToken cancellation);

    /// <summary>Makes a model of files that the person has chosen on this machine.</summary>
    /// <param name="jobId">A name for the job, as in <see cref="RestoreAsync"/>; copying tells progress as a download does.</param>
    /// <param name="request">What is to be added, and how.</param>
    /// <param name="cancellation">Ends copying.</param>
    /// <returns>The new model.</returns>
    [JsonRpcMethod("addModel")]
    Task<ModelEntry> AddModelAsync(string jobId, AddModelRequest request, CancellationToken cancellation);

    /// <summary>Whether the engine can compute on the machine's GPU, and what it would take.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What is known.</returns>
    [JsonRpcMethod("getGpu")]
    Task<GpuStatus> GetGpuAsync(CancellationToken cancellation);

    /// <summary>
    /// Downloads and unpacks what computing on the machine's GPU takes; the answer comes when all of it is here. What has come is kept
    /// however this ends. Progress comes as notifications meanwhile.
    /// </summary>
    /// <param name="jobId">A name for the download, as in <see cref="RestoreAsync"/>.</param>
    /// <param name="anyway">Whether it is installed even where <see cref="GpuStatus.Problem"/> says that it will not help.</param>
    /// <param name="cancellation">Ends the download.</param>
    /// <returns>What is known now; <see cref="GpuStatus.RestartNeeded"/> is set.</returns>
    [JsonRpcMethod("installGpu")]
    Task<GpuStatus> InstallGpuAsync(string jobId, bool anyway, CancellationToken cancellation);

    /// <summary>Takes away what <see cref="InstallGpuAsync"/> has brought, and what has come of an unfinished download.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What is known now.</returns>
    [JsonRpcMethod("removeGpu")]
    Task<GpuStatus> RemoveGpuAsync(CancellationToken cancellation);

    /// <summary>What a request would cost. Nothing is loaded or computed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The plan.</returns>
    [JsonRpcMethod("plan")]
    Task<PlanAnswer> PlanAsync(RestoreRequest request, CancellationToken cancellation);

    /// <summary>Restores; the answer comes when the job has ended. Progress comes as notifications meanwhile.</summary>
    /// <param name="jobId">A name for the job that the client chooses: 1 to 64 letters, digits and hyphens, not in use by a job of this connection.</param>
    /// <param name="pixels">Name of the input's pixel file in <see cref="Welcome.PixelFolder"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Cancels the job.</param>
    /// <returns>The result, whose pixel file the client deletes when it has read it.</returns>
    [JsonRpcMethod("restore")]
    Task<JobResult> RestoreAsync(string jobId, string pixels, RestoreRequest request, CancellationToken cancellation);

    /// <summary>Cancels a job of this connection, of whatever kind; its call then ends with <see cref="EngineError.Cancelled"/>.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether there was such a job that had not ended.</returns>
    [JsonRpcMethod("cancel")]
    Task<bool> CancelAsync(string jobId, CancellationToken cancellation);

    /// <summary>Ends the engine. Jobs of all clients end with <see cref="EngineError.ShuttingDown"/>.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>When the engine has begun to end.</returns>
    [JsonRpcMethod("shutdown")]
    Task ShutdownAsync(CancellationToken cancellation);
}
