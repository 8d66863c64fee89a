using Hypir.Protocol.Messages;

namespace Hypir.Protocol.Client;

/// <content>Computing on the machine's card.</content>
public sealed partial class EngineClient
{
    /// <summary>Whether the engine can compute on the machine's card, and what it would take.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EngineException">The engine refused, or there is none.</exception>
    public Task<GpuStatus> GetGpuAsync(CancellationToken cancellation = default) => AskAsync(engine => engine.GetGpuAsync(cancellation), cancellation);

    /// <summary>
    /// Downloads and unpacks what computing on the card takes. What has come is kept however this ends, and the next call goes on from there. Afterwards the engine
    /// must be ended (<see cref="ShutdownAsync"/>): the next one computes on the card.
    /// </summary>
    /// <param name="anyway">Whether it is installed even where <see cref="GpuStatus.Problem"/> says that it will not help.</param>
    /// <param name="progress">Takes reports; null where nobody listens.</param>
    /// <param name="cancellation">Ends the download; the call then ends within about two seconds.</param>
    /// <returns>What is known now.</returns>
    /// <exception cref="EngineException">It would not help, cannot be downloaded, the disk is full, or there is no engine.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<GpuStatus> InstallGpuAsync(bool anyway = false, IProgress<DownloadReport>? progress = null, CancellationToken cancellation = default) =>
        TransferAsync((engine, jobId) => engine.InstallGpuAsync(jobId, anyway, cancellation), progress, cancellation);

    /// <summary>Takes away what <see cref="InstallGpuAsync"/> has brought. Libraries that the engine uses are deleted by the next change after its end.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EngineException">The folder cannot be changed, or there is no engine.</exception>
    public Task<GpuStatus> RemoveGpuAsync(CancellationToken cancellation = default) => AskAsync(engine => engine.RemoveGpuAsync(cancellation), cancellation);
}
