using System.Diagnostics.CodeAnalysis;
using Hypir.Planning;
using Hypir.Protocol.Messages;
using Hypir.Restoration.Pipeline;

namespace Hypir.Server;

/// <summary>One restoration for one client, from request to completion. It completes once: the first outcome wins.</summary>
/// <param name="id">The client's name for the job.</param>
/// <param name="client">The client; its jobs share one turn in the queue.</param>
/// <param name="pixels">The input's pixel file.</param>
/// <param name="request">The request.</param>
/// <param name="report">Receives progress; must not block.</param>
[SuppressMessage(
    "Design", "CA1001",
    Justification = "The source has neither timer nor wait handle: there is nothing to free, and a cancellation may arrive late.")]
internal sealed class Job(string id, object client, string pixels, RestoreRequest request, Action<JobProgress> report)
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource<JobResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The client's name for the job.</summary>
    public string Id => id;

    /// <summary>The client that sent the job.</summary>
    public object Client => client;

    /// <summary>The input's pixel file.</summary>
    public string Pixels => pixels;

    /// <summary>The request.</summary>
    public RestoreRequest Request => request;

    /// <summary>Cancelled when the job is.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Completes when the job does.</summary>
    public Task<JobResult> End => _end.Task;

    /// <summary>The job's state.</summary>
    public JobState State { get; private set; } = JobState.Queued;

    /// <summary>Reports progress; ignored after the job has completed.</summary>
    public void Report(JobProgress progress)
    {
        if (_end.Task.IsCompleted)
            return;
        State = progress.State;
        report(progress);
    }

    /// <summary>
    /// Cancels the job. The client is answered at once; the compute thread stops at the next network block.
    /// </summary>
    /// <returns>Whether this call completed the job.</returns>
    public bool Cancel(EngineError why = EngineError.Cancelled)
    {
        bool first = Fail(new EngineException(why, why == EngineError.Cancelled ? "The job was cancelled." : "The engine is shutting down.",
            why == EngineError.Cancelled ? null : new("Send the job to the next engine process.")));
        if (first)
            _cancellation.Cancel();
        return first;
    }

    /// <summary>Completes the job.</summary>
    /// <returns>Whether this call completed the job.</returns>
    public bool Complete(JobResult result)
    {
        Report(new(Id, JobState.Done, 1));
        return _end.TrySetResult(result);
    }

    /// <summary>Completes the job with an error.</summary>
    /// <returns>Whether this call completed the job.</returns>
    public bool Fail(EngineException failure)
    {
        Report(new(Id, failure.Error == EngineError.Cancelled ? JobState.Cancelled : JobState.Failed));
        return _end.TrySetException(failure);
    }
}

/// <summary>A request together with everything resolved from it.</summary>
/// <param name="Request">The request that the plan implements.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Model">The model.</param>
/// <param name="ModelStamp">A stamp of the model's files.</param>
/// <param name="LoraPath">The LoRA file, or null.</param>
/// <param name="LoraStamp">A stamp of that file.</param>
internal sealed record JobPlan(
    RestoreRequest Request, RestorePlan Plan, ModelSource Model, string ModelStamp, string? LoraPath, string LoraStamp);

/// <summary>Forwards progress from the pipeline to the client: after every tile, and several times a second within one.</summary>
internal sealed class JobReporter(Job job, BlockClock clock) : IProgress<RestoreProgress>
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private RestoreProgress? _last;
    private long _told;

    /// <inheritdoc/>
    public void Report(RestoreProgress value)
    {
        clock.Tick();
        bool moved = _last is null || (_last.Stage, _last.Tile) != (value.Stage, value.Tile);
        if (!moved && TimeProvider.System.GetElapsedTime(_told) < Between)
            return;
        (_last, _told) = (value, TimeProvider.System.GetTimestamp());
        job.Report(new(job.Id, StateOf(value.Stage), value.Fraction, value.Tile, value.Tiles, value.Remaining?.TotalSeconds));
    }

    private static JobState StateOf(RestoreStage stage) => stage switch
    {
        RestoreStage.Loading => JobState.Loading,
        RestoreStage.Encoding => JobState.Encoding,
        RestoreStage.Restoring => JobState.Restoring,
        RestoreStage.Decoding => JobState.Decoding,
        _ => JobState.Finishing,
    };
}
