using System.Collections.Concurrent;
using System.IO.Pipes;
using Hypir.Protocol.Messages;
using Hypir.Server.Gpu;
using Microsoft.Extensions.Logging;

namespace Hypir.Server;

/// <summary>
/// The warm engine process: accepts clients, owns the job queue, sends heartbeats, and exits when idle.
/// </summary>
internal sealed class EngineServer
{
    /// <summary>A cancelled job stops at the next network block, which takes at most this long on a slow CPU.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeartPeriod = TimeSpan.FromSeconds(3);
    private const int MostClients = 32;

    private readonly ServeSettings _settings;
    private readonly EngineFolder _folder;
    private readonly FairQueue _queue = new();
    private readonly LoadedModelCache _shelf;
    private readonly BlockClock _clock = new();
    private readonly ComputeThread _compute;
    private readonly ConcurrentDictionary<ClientSession, Task> _sessions = new();
    private readonly TaskCompletionSource<string> _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastTouch = TimeProvider.System.GetTimestamp();

    public EngineServer(ServeSettings settings, EngineFolder folder, ILogger log)
    {
        (_settings, _folder, Log) = (settings, folder, log);
        var library = new ModelResolver(new(settings.Home));
        Catalogue = new ModelCatalog(library);
        Keeper = new ModelInstaller(library, Catalogue);
        Gpu = new GpuBackendService(new(settings.Home), settings.Machine);
        var gpus = new GpuLedger();
        Planner = new Planner(settings, library, gpus);
        _shelf = new LoadedModelCache(gpus, log);
        Version = typeof(EngineServer).Assembly.GetName().Version!.ToString(3);
        Welcome = new(ProtocolVersion.Current, Version, Environment.ProcessId, folder.Pixels, folder.LogFile, HeartPeriod.TotalSeconds);
        _compute = new ComputeThread(
            _queue, new JobRunner(settings, folder.Pixels, Planner, _shelf, _clock, log), _shelf, OnJobsChanged, Stop, log,
            settings.LogPrompts);
    }

    public ILogger Log { get; }

    public CallCheck Calls { get; } = new();

    public ModelCatalog Catalogue { get; }

    public ModelInstaller Keeper { get; }

    public GpuBackendService Gpu { get; }

    public Planner Planner { get; }

    public string Version { get; }

    public Welcome Welcome { get; }

    public string PixelFolder => _folder.Pixels;

    /// <summary>Serves until stopped or idle for too long.</summary>
    /// <returns>False if the compute thread did not end in time.</returns>
    /// <exception cref="IOException">Another program uses the pipe's name.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        _compute.Start();
        int stale = _folder.Sweep();
        Log.Begins(Version, Environment.ProcessId, _settings.Pipe, _settings.Device, stale);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var signal = cancellation.Register(() => Stop("signal received")).ConfigureAwait(false);
        Task accepting = AcceptAsync(over.Token), beating = BeatAsync(over.Token);
        try
        {
            // The accept loop completes on its own only if it fails.
            await Task.WhenAny(_stopping.Task, accepting).ConfigureAwait(false);
            if (accepting.IsFaulted)
                await accepting.ConfigureAwait(false);
            Log.Ends(await _stopping.Task.ConfigureAwait(false));
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await CloseAsync().ConfigureAwait(false);
            Keeper.Dispose();
            await Task.WhenAny(Task.WhenAll(accepting, beating)).ConfigureAwait(false);
        }
        return _compute.Join(EndPatience);
    }

    public void Add(Job job)
    {
        Touch();
        job.Report(new(job.Id, JobState.Queued));
        if (!_queue.TryAdd(job))
            job.Cancel(EngineError.ShuttingDown);
        OnJobsChanged();
    }

    public bool Cancel(Job job)
    {
        bool first = job.Cancel();
        _queue.Remove(job);
        OnJobsChanged();
        return first;
    }

    public void Stop(string reason) => _stopping.TrySetResult(reason);

    public void Touch() => Interlocked.Exchange(ref _lastTouch, TimeProvider.System.GetTimestamp());

    public bool IsLoaded(RestoreRequest request) =>
        _shelf.Names.Contains(request.Lora is null ? request.Model : $"{request.Model}+{request.Lora}");

    public EngineStatus Status() => new()
    {
        Version = Version,
        ProcessId = Environment.ProcessId,
        UptimeSeconds = _clock.Uptime,
        Device = _settings.Device,
        LoadedModels = _shelf.Names,
        QueuedJobs = _queue.Count,
        Running = _compute.Current?.State,
        EndedJobs = _compute.Ended,
        Clients = _sessions.Count,
        MemoryBytes = Environment.WorkingSet,
        LiveTensors = _compute.LiveTensors,
    };

    private void OnJobsChanged()
    {
        Touch();
        int running = _compute.Current is null ? 0 : 1;
        foreach ((Job job, int ahead) in _queue.Order())
            job.Report(new(job.Id, JobState.Queued, Ahead: ahead + running));
    }

    private async Task AcceptAsync(CancellationToken cancellation)
    {
        StalePipe.Remove(_settings.Pipe);
        // FirstPipeInstance fails here if any other process, of any user, already owns the name.
        NamedPipeServerStream? next = Listen(PipeOptions.FirstPipeInstance);
        try
        {
            while (true)
            {
                NamedPipeServerStream pipe = next ?? Listen(PipeOptions.None);
                next = null;
                try
                {
                    await pipe.WaitForConnectionAsync(cancellation).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
                {
                    Log.Refused(failure.Message);
                    await pipe.DisposeAsync().ConfigureAwait(false);
                    continue;
                }
                catch
                {
                    await pipe.DisposeAsync().ConfigureAwait(false);
                    throw;
                }
                next = Listen(PipeOptions.None);
                Serve(pipe);
            }
        }
        catch (OperationCanceledException)
        {
            // The engine is shutting down.
        }
        finally
        {
            if (next is not null)
                await next.DisposeAsync().ConfigureAwait(false);
        }
    }

    private NamedPipeServerStream Listen(PipeOptions first) =>
        new(
            _settings.Pipe, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly | first);

    private void Serve(NamedPipeServerStream pipe)
    {
        if (_sessions.Count >= MostClients)
        {
            Log.Refused($"{MostClients} clients are connected.");
            pipe.Dispose();
            return;
        }
        var session = new ClientSession(this, pipe);
        // Registered before it runs, so that a client that disconnects at once is not left in the list.
        var entered = new TaskCompletionSource();
        _sessions[session] = RunAsync();
        entered.SetResult();

        async Task RunAsync()
        {
            await entered.Task.ConfigureAwait(false);
            try
            {
                await session.RunAsync().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                Log.ConnectionFailed(failure);
            }
            finally
            {
                _sessions.TryRemove(session, out _);
            }
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(HeartPeriod < _settings.IdleExit ? HeartPeriod : _settings.IdleExit);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            {
                Heartbeat beat = _clock.Beat();
                foreach (ClientSession session in _sessions.Keys)
                    session.Tell("heartbeat", beat);
                bool idle = _compute.Current is null && _queue.Count == 0 && !_sessions.Keys.Any(session => session.IsTransferring);
                if (!idle)
                    Touch();
                if (idle && TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _lastTouch)) >= _settings.IdleExit)
                    Stop("idle");
            }
        }
        catch (OperationCanceledException)
        {
            // The engine is shutting down.
        }
    }

    private async Task CloseAsync()
    {
        foreach (Job job in _queue.Close())
            job.Cancel(EngineError.ShuttingDown);
        _compute.Current?.Cancel(EngineError.ShuttingDown);
        foreach (ClientSession session in _sessions.Keys)
            session.EndTransfers();
        // Pending responses are still sent, but a client that does not read them is not waited for.
        await Task.WhenAny(Task.WhenAll(_sessions.Keys.Select(session => session.DrainAsync())), Task.Delay(Farewell))
            .ConfigureAwait(false);
        foreach ((ClientSession session, Task running) in _sessions)
        {
            session.Dispose();
            await Task.WhenAny(running, Task.Delay(Farewell)).ConfigureAwait(false);
        }
    }
}
