using Hypir.Protocol.Messages;

namespace Hypir.Protocol.Client;

/// Models: listing, licenses, downloads.
public sealed partial class EngineClient
{
    /// <summary>The models and LoRA weights that requests can name, and the models available for download.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="EngineException">The engine refused, or there is no engine.</exception>
    public Task<ModelList> ListModelsAsync(CancellationToken cancellation = default) =>
        AskAsync(engine => engine.ListModelsAsync(cancellation), cancellation);

    /// <summary>A license to show to the user.</summary>
    /// <param name="licence">Its short name, from <see cref="ModelEntry.Licences"/>.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="EngineException">The engine refused, or there is no engine.</exception>
    public Task<LicenseText> GetLicenceAsync(string licence, CancellationToken cancellation = default) =>
        AskAsync(engine => engine.GetLicenceAsync(licence, cancellation), cancellation);

    /// <summary>Records that the user was shown a license and accepted it.</summary>
    /// <param name="shown">The text that was shown.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="EngineException">The engine refused, for example because its wording differs, or there is no engine.</exception>
    public Task AcceptLicenceAsync(LicenseText shown, CancellationToken cancellation = default) => AskAsync(
        async engine =>
        {
            await engine.AcceptLicenceAsync(shown.Id, shown.Sha256, cancellation).ConfigureAwait(false);
            return true;
        },
        cancellation);

    /// <summary>
    /// Downloads the missing parts of a model and its bases. Received bytes are kept however this ends, and the next call continues from
    /// them.
    /// </summary>
    /// <param name="model">A model's name.</param>
    /// <param name="progress">Receives progress reports; null for none.</param>
    /// <param name="cancellation">Cancels the download; the call then ends within about two seconds.</param>
    /// <returns>The updated model.</returns>
    /// <exception cref="EngineException">A license must be accepted first, no source provides the files, the disk is full, or there is no
    /// engine.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public Task<ModelEntry> DownloadModelAsync(
        string model,
        IProgress<DownloadReport>? progress = null,
        CancellationToken cancellation = default
    ) => TransferAsync((engine, jobId) => engine.DownloadModelAsync(jobId, model, cancellation), progress, cancellation);

    /// <summary>Adds a model from files that the user chose on this machine.</summary>
    /// <param name="request">What to add, and how.</param>
    /// <param name="progress">Receives progress reports of copying; null for none.</param>
    /// <param name="cancellation">Cancels copying.</param>
    /// <returns>The new model.</returns>
    /// <exception cref="EngineException">The files cannot be used, the name is taken, the disk is full, or there is no engine.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public Task<ModelEntry> AddModelAsync(
        AddModelRequest request,
        IProgress<DownloadReport>? progress = null,
        CancellationToken cancellation = default
    ) => TransferAsync((engine, jobId) => engine.AddModelAsync(jobId, request, cancellation), progress, cancellation);

    /// <summary>
    /// Makes a call that takes long without computing. If the engine ends meanwhile, it is restarted once; received bytes are still there.
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
    /// <summary>Whether the engine can compute on the machine's GPU, and what that requires.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="EngineException">The engine refused, or there is no engine.</exception>
    public Task<GpuStatus> GetGpuAsync(CancellationToken cancellation = default) =>
        AskAsync(engine => engine.GetGpuAsync(cancellation), cancellation);

    /// <summary>
    /// Downloads and unpacks the libraries for computing on the GPU. Received bytes are kept however this ends, and the next call continues
    /// from them. Afterward the engine must be shut down (<see cref="ShutdownAsync"/>): the next one computes on the GPU.
    /// </summary>
    /// <param name="anyway">Whether to install even if <see cref="GpuStatus.Problem"/> says that it will not help.</param>
    /// <param name="progress">Receives progress reports; null for none.</param>
    /// <param name="cancellation">Cancels the download; the call then ends within about two seconds.</param>
    /// <returns>The updated status.</returns>
    /// <exception cref="EngineException">It would not help, cannot be downloaded, the disk is full, or there is no engine.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public Task<GpuStatus> InstallGpuAsync(
        bool anyway = false,
        IProgress<DownloadReport>? progress = null,
        CancellationToken cancellation = default
    ) => TransferAsync((engine, jobId) => engine.InstallGpuAsync(jobId, anyway, cancellation), progress, cancellation);

    /// <summary>
    /// Removes what <see cref="InstallGpuAsync"/> installed. Libraries in use by the engine are deleted by the next change after it ends.
    /// </summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="EngineException">The folder cannot be changed, or there is no engine.</exception>
    public Task<GpuStatus> RemoveGpuAsync(CancellationToken cancellation = default) =>
        AskAsync(engine => engine.RemoveGpuAsync(cancellation), cancellation);
}
