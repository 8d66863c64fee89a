using System.Collections.Concurrent;
using Hypir.Protocol.Messages;
using StreamJsonRpc;

namespace Hypir.Protocol.Client;

/// <summary>Receives the engine's notifications.</summary>
/// <param name="clock">The time.</param>
internal sealed class EngineEvents(TimeProvider clock)
{
    private const double SlowFactor = 10;

    /// <summary>Even a very short block can be delayed by other causes, so less than this is never called slow.</summary>
    private const double LeastSlowSeconds = 15;

    private readonly ConcurrentDictionary<string, IProgress<JobProgress>> _listeners = new();
    private readonly ConcurrentDictionary<string, IProgress<DownloadReport>> _downloads = new();
    private long _lastSign = clock.GetTimestamp();
    private Heartbeat? _last;

    public void Listen(string jobId, IProgress<JobProgress>? progress)
    {
        if (progress is not null)
            _listeners[jobId] = progress;
    }

    public void Listen(string jobId, IProgress<DownloadReport>? progress)
    {
        if (progress is not null)
            _downloads[jobId] = progress;
    }

    /// <summary>Marks a download as ended: later notifications about it are stale.</summary>
    public void EndDownload(string jobId) => _downloads.TryRemove(jobId, out _);

    /// <summary>Marks a job as ended by its answer; the notification may still be on its way, or may never have been sent.</summary>
    public void End(string jobId, JobState? state)
    {
        if (_listeners.TryRemove(jobId, out IProgress<JobProgress>? listener) && state is JobState end)
            listener.Report(new(jobId, end, end == JobState.Done ? 1 : 0));
    }

    public EngineHealth Health(TimeSpan silenceLimit)
    {
        if (clock.GetElapsedTime(Interlocked.Read(ref _lastSign)) > silenceLimit)
            return EngineHealth.Unresponsive;
        bool slow =
            _last is { PlannedBlockSeconds: double planned } last && last.BlockSeconds > Math.Max(SlowFactor * planned, LeastSlowSeconds);
        return slow ? EngineHealth.SlowBlock : EngineHealth.Well;
    }

    [JsonRpcMethod("progress", UseSingleObjectParameterDeserialization = true)]
    public void Progress(JobProgress progress)
    {
        Sign();
        if (progress.State < JobState.Done && _listeners.TryGetValue(progress.JobId, out IProgress<JobProgress>? listener))
            listener.Report(progress);
    }

    [JsonRpcMethod("download", UseSingleObjectParameterDeserialization = true)]
    public void Download(DownloadReport report)
    {
        Sign();
        if (_downloads.TryGetValue(report.JobId, out IProgress<DownloadReport>? listener))
            listener.Report(report);
    }

    [JsonRpcMethod("heartbeat", UseSingleObjectParameterDeserialization = true)]
    public void Heartbeat(Heartbeat heartbeat)
    {
        Sign();
        _last = heartbeat;
    }

    private void Sign() => Interlocked.Exchange(ref _lastSign, clock.GetTimestamp());
}

/// <summary>The engine's health as seen by the client.</summary>
public enum EngineHealth
{
    /// <summary>It is responsive.</summary>
    Well,

    /// <summary>
    /// It was silent for longer than <see cref="EngineClientOptions.SilenceLimit"/>: it hangs. The user can end it with
    /// <see cref="EngineClient.EndEngine"/>.
    /// </summary>
    Unresponsive,

    /// <summary>
    /// One block of a network takes more than ten times as long as planned: the computation hangs, or the machine is overloaded.
    /// </summary>
    SlowBlock,
}
