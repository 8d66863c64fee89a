using System.Diagnostics.CodeAnalysis;
using Hypir.Networks.Models;
using Hypir.Protocol.Messages;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;

namespace Hypir.Server;

/// <summary>One restoration of one client, from its request to its end. It ends once: whoever is first says how.</summary>
/// <param name="id">The client's name for it.</param>
/// <param name="client">Whose it is; jobs of one client share its turn.</param>
/// <param name="pixels">The input's pixel file.</param>
/// <param name="request">What is wanted.</param>
/// <param name="report">Takes progress; it must not block.</param>
[SuppressMessage(
    "Design", "CA1001",
    Justification = "The source has neither timer nor wait handle: there is nothing to free, and whoever cancels may come late.")]
internal sealed class Job(string id, object client, string pixels, RestoreRequest request, Action<JobProgress> report)
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource<JobResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The client's name for it.</summary>
    public string Id => id;

    /// <summary>Whose it is.</summary>
    public object Client => client;

    /// <summary>The input's pixel file.</summary>
    public string Pixels => pixels;

    /// <summary>What is wanted.</summary>
    public RestoreRequest Request => request;

    /// <summary>Cancelled with the job.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>The end.</summary>
    public Task<JobResult> End => _end.Task;

    /// <summary>Where it is.</summary>
    public JobState State { get; private set; } = JobState.Queued;

    /// <summary>Tells progress; nothing comes after the end.</summary>
    public void Report(JobProgress progress)
    {
        if (_end.Task.IsCompleted)
            return;
        State = progress.State;
        report(progress);
    }

    /// <summary>
    /// Cancels it. The client has its answer at once; the computing thread stops at the next block of the network.
    /// </summary>
    /// <returns>Whether it had not ended yet.</returns>
    public bool Cancel(EngineError why = EngineError.Cancelled)
    {
        bool first = Fail(new EngineException(why, why == EngineError.Cancelled ? "The job was cancelled." : "The engine is ending.",
            why == EngineError.Cancelled ? null : new("Send the job to the next engine.")));
        if (first)
            _cancellation.Cancel();
        return first;
    }

    /// <summary>It is done.</summary>
    /// <returns>Whether it had not ended yet.</returns>
    public bool Complete(JobResult result)
    {
        Report(new(Id, JobState.Done, 1));
        return _end.TrySetResult(result);
    }

    /// <summary>It failed.</summary>
    /// <returns>Whether it had not ended yet.</returns>
    public bool Fail(EngineException failure)
    {
        Report(new(Id, failure.Error == EngineError.Cancelled ? JobState.Cancelled : JobState.Failed));
        return _end.TrySetException(failure);
    }
}

/// <summary>A request with everything that was found out about it.</summary>
/// <param name="Request">The request that the plan carries out.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Model">The model.</param>
/// <param name="ModelStamp">The state of the model's files.</param>
/// <param name="LoraPath">The LoRA file, or null.</param>
/// <param name="LoraStamp">The state of that file.</param>
internal sealed record JobPlan(
    RestoreRequest Request, RestorePlan Plan, ModelFolder Model, string ModelStamp, string? LoraPath, string LoraStamp);

/// <summary>Hands progress on from the pipeline to the client: every tile, and several times a second within one.</summary>
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
