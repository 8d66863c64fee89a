using Hypir.Protocol.Messages;

namespace Hypir.Protocol.Client;

/// <content>Models: which there are, licenses, downloads.</content>
public sealed partial class EngineClient
{
    /// <summary>The models and LoRA weights that requests can name, and the models that could be had.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EngineException">The engine refused, or there is none.</exception>
    public Task<ModelList> ListModelsAsync(CancellationToken cancellation = default) =>
        AskAsync(engine => engine.ListModelsAsync(cancellation), cancellation);

    /// <summary>A license, to be shown to the person.</summary>
    /// <param name="licence">Its short name, from <see cref="ModelEntry.Licences"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EngineException">The engine refused, or there is none.</exception>
    public Task<LicenseText> GetLicenceAsync(string licence, CancellationToken cancellation = default) =>
        AskAsync(engine => engine.GetLicenceAsync(licence, cancellation), cancellation);

    /// <summary>Remembers that the person was shown a license and accepted it.</summary>
    /// <param name="shown">What was shown.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EngineException">The engine refused, such as another wording than it has, or there is none.</exception>
    public Task AcceptLicenceAsync(LicenseText shown, CancellationToken cancellation = default) => AskAsync(
        async engine =>
        {
            await engine.AcceptLicenceAsync(shown.Id, shown.Sha256, cancellation).ConfigureAwait(false);
            return true;
        },
        cancellation);

    /// <summary>
    /// Downloads a model and what it builds on, as far as it is not here. What has come is kept however this ends, and the next call goes
    /// on from there.
    /// </summary>
    /// <param name="model">A model's name.</param>
    /// <param name="progress">Takes reports; null where nobody listens.</param>
    /// <param name="cancellation">Ends the download; the call then ends within about two seconds.</param>
    /// <returns>The model, as it is now.</returns>
    /// <exception cref="EngineException">A license is to be accepted first, no source gives the files, the disk is full, or there is no
    /// engine.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<ModelEntry> DownloadModelAsync(
        string model,
        IProgress<DownloadReport>? progress = null,
        CancellationToken cancellation = default
    ) => TransferAsync((engine, jobId) => engine.DownloadModelAsync(jobId, model, cancellation), progress, cancellation);

    /// <summary>Makes a model of files that the person has chosen on this machine.</summary>
    /// <param name="request">What is to be added, and how.</param>
    /// <param name="progress">Takes reports of copying; null where nobody listens.</param>
    /// <param name="cancellation">Ends copying.</param>
    /// <returns>The new model.</returns>
    /// <exception cref="EngineException">The files cannot be used, the name is taken, the disk is full, or there is no engine.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<ModelEntry> AddModelAsync(
        AddModelRequest request,
        IProgress<DownloadReport>? progress = null,
        CancellationToken cancellation = default
    ) => TransferAsync((engine, jobId) => engine.AddModelAsync(jobId, request, cancellation), progress, cancellation);

    /// <summary>
    /// A call that takes long without computing. An engine that ended meanwhile is started once more: what has come is still there.
    /// </summary>
    private async Task<T> TransferAsync<T>(
        Func<IEngine, string, Task<T>> send, IProgress<DownloadReport>? progress, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            EngineConnection connection = await OpenAsync(cancellation).ConfigureAwait(false);
            string jobId = Guid.NewGuid().ToString("N");
            connection.Events.Listen(jobId, progress);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            try
            {
                Task<T> answer = send(connection.Engine, jobId);
                await Task.WhenAny(answer, GiveUpAsync(cancellation, over.Token)).ConfigureAwait(false);
                cancellation.ThrowIfCancellationRequested();
                return await answer.ConfigureAwait(false);
            }
            catch (Exception failure) when (EngineRpc.Translate(failure) is { } known)
            {
                if (known.Error != EngineError.ShuttingDown || attempt > 1)
                    throw known;
                await LeaveAsync(connection, cancellation).ConfigureAwait(false);
            }
            catch (Exception failure) when (EngineRpc.IsLoss(failure))
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                EngineEnd end = await LeaveAsync(connection, cancellation).ConfigureAwait(false);
                if (attempt > 1)
                    throw Crashed([end], failure);
            }
            finally
            {
                await over.CancelAsync().ConfigureAwait(false);
                connection.Events.EndDownload(jobId);
            }
        }
    }
}

/// <content>Computing on the machine's GPU.</content>
public sealed partial class EngineClient
{
    /// <summary>Whether the engine can compute on the machine's GPU, and what it would take.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EngineException">The engine refused, or there is none.</exception>
    public Task<GpuStatus> GetGpuAsync(CancellationToken cancellation = default) =>
        AskAsync(engine => engine.GetGpuAsync(cancellation), cancellation);

    /// <summary>
    /// Downloads and unpacks what computing on the GPU takes. What has come is kept however this ends, and the next call goes on from
    /// there. Afterwards the engine must be ended (<see cref="ShutdownAsync"/>): the next one computes on the GPU.
    /// </summary>
    /// <param name="anyway">Whether it is installed even where <see cref="GpuStatus.Problem"/> says that it will not help.</param>
    /// <param name="progress">Takes reports; null where nobody listens.</param>
    /// <param name="cancellation">Ends the download; the call then ends within about two seconds.</param>
    /// <returns>What is known now.</returns>
    /// <exception cref="EngineException">It would not help, cannot be downloaded, the disk is full, or there is no engine.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<GpuStatus> InstallGpuAsync(
        bool anyway = false,
        IProgress<DownloadReport>? progress = null,
        CancellationToken cancellation = default
    ) => TransferAsync((engine, jobId) => engine.InstallGpuAsync(jobId, anyway, cancellation), progress, cancellation);

    /// <summary>
    /// Takes away what <see cref="InstallGpuAsync"/> has brought. Libraries that the engine uses are deleted by the next change after its
    /// end.
    /// </summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EngineException">The folder cannot be changed, or there is no engine.</exception>
    public Task<GpuStatus> RemoveGpuAsync(CancellationToken cancellation = default) =>
        AskAsync(engine => engine.RemoveGpuAsync(cancellation), cancellation);
}
