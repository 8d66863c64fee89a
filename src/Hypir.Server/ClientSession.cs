using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Hypir.Models.Backends;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Server.Gpu;

namespace Hypir.Server;

/// <summary>One connected client: answers its calls, reports progress, and cancels its jobs when it disconnects.</summary>
internal sealed partial class ClientSession : IEngine, IDisposable
{
    private const int MostJobs = 16;
    private const int LongestName = 100;

    /// <summary>
    /// Notifications queued for a slow client. The oldest are dropped: the response to the call carries the outcome of a job.
    /// </summary>
    private const int MostNotifications = 256;

    private readonly EngineServer _server;
    private readonly ServerRpc _rpc;
    private readonly ConcurrentDictionary<string, Job> _jobs = new();
    private readonly Transfers _transfers = new();
    private readonly ConcurrentBag<string> _files = [];
    private readonly Channel<(string Method, object Content)> _notifications = Channel.CreateBounded<(string, object)>(
        new BoundedChannelOptions(MostNotifications) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private volatile string? _name;
    private volatile bool _closed;

    public ClientSession(EngineServer server, Stream stream)
    {
        _server = server;
        _rpc = new ServerRpc(stream, server.Calls, server.Log);
        _rpc.AddLocalRpcTarget<IEngine>(this, new() { NotifyClientOfEvents = false });
    }

    /// <summary>Whether a download or copy is running for this client.</summary>
    public bool IsTransferring => _transfers.Count > 0;

    /// <summary>Serves the client until it disconnects.</summary>
    public async Task RunAsync()
    {
        _rpc.StartListening();
        Task telling = TellAsync();
        try
        {
            await _rpc.Completion.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // A broken connection, for any reason, affects only this client.
            _server.Log.Broke(_name, failure.Message);
        }
        Close();
        await telling.ConfigureAwait(false);
    }

    /// <summary>Queues a notification for sending; never blocks.</summary>
    public void Tell(string method, object content)
    {
        if (_name is not null)
            _notifications.Writer.TryWrite((method, content));
    }

    /// <inheritdoc/>
    public Task<Welcome> HelloAsync(int protocol, string client, CancellationToken cancellation)
    {
        if (protocol != ProtocolVersion.Current)
        {
            throw new EngineException(EngineError.VersionMismatch,
                $"The running engine (version {_server.Version}) speaks version {ProtocolVersion.Current} of the protocol, "
                + $"this program version {protocol}.",
                new(
                    "Update both to the same version of Hypir; then stop the running engine.", Protocol: ProtocolVersion.Current,
                    Version: _server.Version)
            );
        }
        if (_name is not null)
            throw new EngineException(EngineError.BadRequest, "The handshake has already been done.");
        _name = client.Length <= LongestName ? client : client[..LongestName];
        _server.Touch();
        _server.Log.Connected(_name);
        return Task.FromResult(_server.Welcome);
    }

    /// <inheritdoc/>
    public Task<EngineStatus> GetStatusAsync(CancellationToken cancellation)
    {
        RequireHandshake();
        return Task.FromResult(_server.Status());
    }

    /// <inheritdoc/>
    public Task<ModelList> ListModelsAsync(CancellationToken cancellation)
    {
        RequireHandshake();
        return Task.Run(_server.Catalogue.List, cancellation);
    }

    /// <inheritdoc/>
    public Task<LicenseText> GetLicenceAsync(string license, CancellationToken cancellation)
    {
        RequireHandshake();
        return Task.Run(() => _server.Keeper.Show(license), cancellation);
    }

    /// <inheritdoc/>
    public async Task AcceptLicenceAsync(string license, string sha256, CancellationToken cancellation)
    {
        RequireHandshake();
        await _server.Keeper.AcceptAsync(license, sha256, cancellation).ConfigureAwait(false);
        _server.Log.AcceptsLicence(_name, license);
    }

    /// <inheritdoc/>
    public Task<ModelEntry> DownloadModelAsync(string jobId, string model, CancellationToken cancellation) =>
        TransferAsync(jobId, token => LogInstalled(_server.Keeper.DownloadAsync(jobId, model, Tell, token)), cancellation);

    /// <inheritdoc/>
    public Task<ModelEntry> AddModelAsync(string jobId, AddModelRequest request, CancellationToken cancellation) =>
        TransferAsync(jobId, token => LogInstalled(_server.Keeper.AddAsync(jobId, request, Tell, token)), cancellation);

    /// <inheritdoc/>
    public Task<GpuStatus> GetGpuAsync(CancellationToken cancellation)
    {
        RequireHandshake();
        return Task.Run(_server.Gpu.Status, cancellation);
    }

    /// <inheritdoc/>
    public Task<GpuStatus> InstallGpuAsync(string jobId, bool anyway, CancellationToken cancellation) =>
        TransferAsync(
            jobId,
            async token =>
            {
                var installed = await _server
                    .Gpu.InstallAsync(
                        BackendKind.Cuda, null, anyway,
                        new DownloadReporter(jobId, GpuBackendService.Model, _server.Gpu.Store.Downloads, Tell), token)
                    .ConfigureAwait(false);
                _server.Log.HasBackend(installed.Title);
                return _server.Gpu.Status();
            },
            cancellation
        );

    /// <inheritdoc/>
    public async Task<GpuStatus> RemoveGpuAsync(CancellationToken cancellation)
    {
        RequireHandshake();
        await _server.Gpu.Store.RemoveAsync(cancellation).ConfigureAwait(false);
        return _server.Gpu.Status();
    }

    /// <inheritdoc/>
    public Task<PlanAnswer> PlanAsync(RestoreRequest request, CancellationToken cancellation)
    {
        RequireHandshake();
        return Task.Run(
            () =>
            {
                JobPlan plan = _server.Planner.Plan(request);
                return Planner.Describe(plan, _server.IsLoaded(plan.Request));
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<JobResult> RestoreAsync(string jobId, string pixels, RestoreRequest request, CancellationToken cancellation)
    {
        RequireHandshake();
        CheckName(jobId);
        if (!PixelFile.IsName(pixels))
            throw new EngineException(EngineError.BadPixels, "This is not the name of a pixel file.", new(Option: "pixels"));
        var job = new Job(jobId, this, Path.Combine(_server.PixelFolder, pixels), request, progress => Tell("progress", progress));
        if (!_jobs.TryAdd(jobId, job))
            throw Duplicate(jobId);
        // The client deletes it, unless it is ended first.
        _files.Add(job.Pixels);
        try
        {
            using var cancelling = cancellation.Register(() => _server.Cancel(job));
            _server.Add(job);
            JobResult result = await job.End.ConfigureAwait(false);
            _files.Add(Path.Combine(_server.PixelFolder, result.Pixels));
            if (result.Map is { } map)
                _files.Add(Path.Combine(_server.PixelFolder, map));
            return result;
        }
        finally
        {
            _jobs.TryRemove(jobId, out _);
            if (_closed)
                DeleteFiles();
        }
    }

    /// <inheritdoc/>
    public Task<bool> CancelAsync(string jobId, CancellationToken cancellation)
    {
        RequireHandshake();
        return Task.FromResult(_transfers.Cancel(jobId) || (_jobs.TryGetValue(jobId, out Job? job) && _server.Cancel(job)));
    }

    /// <inheritdoc/>
    public Task ShutdownAsync(CancellationToken cancellation)
    {
        RequireHandshake();
        _server.Stop($"{_name} requested it");
        return Task.CompletedTask;
    }

    /// <summary>Completes when all pending calls are answered and all notifications sent.</summary>
    public async Task DrainAsync()
    {
        _notifications.Writer.TryComplete();
        await _notifications.Reader.Completion.ConfigureAwait(false);
        await _rpc.AnsweredAsync().ConfigureAwait(false);
    }

    /// <summary>Cancels downloads and copies; partial files are kept.</summary>
    public void EndTransfers() => _transfers.End();

    /// <inheritdoc/>
    public void Dispose() => _rpc.Dispose();

    private void Close()
    {
        _notifications.Writer.TryComplete();
        _transfers.End();
        foreach (Job job in _jobs.Values)
            _server.Cancel(job);
        _closed = true;
        DeleteFiles();
        _rpc.Dispose();
    }

    /// <summary>Deletes what no client is left to read.</summary>
    private void DeleteFiles()
    {
        foreach (string file in _files)
            PixelFile.Delete(file);
    }

    private async Task TellAsync()
    {
        try
        {
            await foreach ((string method, object content) in _notifications.Reader.ReadAllAsync().ConfigureAwait(false))
                await _rpc.NotifyWithParameterObjectAsync(method, content).ConfigureAwait(false);
        }
        catch (Exception failure) when (EngineRpc.IsLoss(failure))
        {
            // The client has disconnected.
        }
    }

    private void Tell(DownloadReport report) => Tell("download", report);

    private async Task<ModelEntry> LogInstalled(Task<ModelEntry> coming)
    {
        ModelEntry model = await coming.ConfigureAwait(false);
        _server.Log.HasModel(model.Name);
        return model;
    }

    private async Task<T> TransferAsync<T>(string jobId, Func<CancellationToken, Task<T>> transfer, CancellationToken cancellation)
    {
        RequireHandshake();
        CheckName(jobId);
        if (_jobs.ContainsKey(jobId))
            throw Duplicate(jobId);
        return await _transfers.RunAsync(jobId, transfer, cancellation).ConfigureAwait(false);
    }

    private void CheckName(string jobId)
    {
        if (!JobName().IsMatch(jobId))
            throw new EngineException(EngineError.BadRequest, "Job names are 1 to 64 letters, digits and hyphens.", new(Option: "jobId"));
        if (_jobs.Count + _transfers.Count >= MostJobs)
            throw new EngineException(
                EngineError.TooManyJobs, $"{MostJobs} jobs of this client are still running.", new("Wait for one of them."));
        if (_transfers.Has(jobId))
            throw Duplicate(jobId);
    }

    private static EngineException Duplicate(string jobId) =>
        new(EngineError.DuplicateJob, $"Job {jobId} is still running.", new("Choose another name.", "jobId"));

    private void RequireHandshake()
    {
        if (_name is null)
            throw new EngineException(EngineError.HandshakeNeeded, "The first call must be hello.");
        _server.Touch();
    }

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,64}\z")]
    private static partial Regex JobName();
}
