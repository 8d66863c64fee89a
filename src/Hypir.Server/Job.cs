using System.Diagnostics.CodeAnalysis;
using Hypir.Protocol.Messages;

namespace Hypir.Server;

/// <summary>One restoration of one client, from its request to its end. It ends once: whoever is first says how.</summary>
/// <param name="id">The client's name for it.</param>
/// <param name="client">Whose it is; jobs of one client share its turn.</param>
/// <param name="pixels">The input's pixel file.</param>
/// <param name="request">What is wanted.</param>
/// <param name="report">Takes progress; it must not block.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source has neither timer nor wait handle: there is nothing to free, and whoever cancels may come late.")]
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
