using Hypir.Networks.Libraries;
using Hypir.Planning.Machine;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Microsoft.Extensions.Logging;
using TorchSharp;

namespace Hypir.Server;

/// <summary>The only thread that touches models and the device. All other threads pass jobs to it.</summary>
internal sealed class ComputeThread
{
    private readonly FairQueue _queue;
    private readonly JobRunner _runner;
    private readonly LoadedModelCache _shelf;
    private readonly Action _changed;
    private readonly Action<string> _stop;
    private readonly ILogger _log;
    private readonly bool _logPrompts;
    private readonly Thread _thread;
    private volatile Job? _current;
    private long _ended;
    private long _liveTensors;

    /// <summary>Creates the thread; <see cref="Start"/> starts it.</summary>
    /// <param name="queue">Where jobs come from.</param>
    /// <param name="runner">Runs the jobs.</param>
    /// <param name="shelf">The models; freed when the thread ends.</param>
    /// <param name="changed">Called when a job starts or ends.</param>
    /// <param name="stop">Called with the reason when the process must exit.</param>
    /// <param name="log">The log.</param>
    /// <param name="logPrompts">Whether prompts are logged.</param>
    public ComputeThread(
        FairQueue queue, JobRunner runner, LoadedModelCache shelf, Action changed, Action<string> stop, ILogger log, bool logPrompts)
    {
        (_queue, _runner, _shelf, _changed, _stop, _log, _logPrompts) = (queue, runner, shelf, changed, stop, log, logPrompts);
        _thread = new Thread(Work) { Name = "Computation", IsBackground = true };
    }

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>The running job, or null.</summary>
    public Job? Current => _current;

    /// <summary>Number of finished jobs.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    /// <summary>Live tensors on the thread after the last job.</summary>
    public long LiveTensors => Interlocked.Read(ref _liveTensors);

    /// <summary>Waits for the thread to end.</summary>
    /// <returns>False on timeout.</returns>
    public bool Join(TimeSpan patience) => _thread.Join(patience);

    private void Work()
    {
        WarmUp();
        while (_queue.TryTake(out Job? job))
        {
            _current = job;
            Guarded(_changed);
            Action answer = () => { };
            Guarded(() => answer = Do(job));
            // Counted before it is answered: who has the answer and asks for the status finds the job in it.
            Interlocked.Exchange(ref _liveTensors, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            Interlocked.Increment(ref _ended);
            _current = null;
            Guarded(answer);
            // Always complete the job, or its client would wait forever.
            Guarded(() => job.Fail(new(EngineError.Internal, "The engine failed.", new(EngineErrors.LogSaysMore))));
            Guarded(_changed);
        }
        Guarded(_shelf.Clear);
    }

    /// <summary>An exception that escapes the thread would end the process, and every client's jobs with it.</summary>
    private void Guarded(Action step)
    {
        try
        {
            step();
        }
        catch (Exception failure)
        {
            _log.ThreadFailed(failure);
        }
    }

    /// <returns>Answers the client.</returns>
    private Action Do(Job job)
    {
        if (job.End.IsCompleted)
            return () => { };
        try
        {
            _log.JobBegins(job.Id, job.Request.Width, job.Request.Height, job.Request.Model);
            if (_logPrompts)
                _log.Prompt(job.Id, job.Request.Prompt);
            JobResult result = _runner.Run(job);
            _log.JobDone(job.Id, result.ComputeSeconds, result.PixelSeconds);
            return () =>
            {
                // A job that was cancelled in the meantime is already answered: no client will fetch the file.
                if (!job.Complete(result))
                    PixelFile.Delete(Path.Combine(Path.GetDirectoryName(job.Pixels)!, result.Pixels));
            };
        }
        catch (Exception failure)
        {
            EngineException told = EngineErrors.Of(failure);
            if (told.Error == EngineError.Internal)
                _log.JobFailed(failure, job.Id);
            else
                _log.JobEnded(job.Id, told.Error, told.Message);
            return () =>
            {
                job.Fail(told);
                if (told.Error == EngineError.RestartNeeded)
                    _stop("memory must be returned to the system");
            };
        }
    }

    /// <summary>Loading libtorch takes about a second; clients can connect meanwhile.</summary>
    private void WarmUp()
    {
        try
        {
            TorchProbe.Require();
            torch.ones(1).Dispose();
        }
        catch (Exception failure)
        {
            _log.TorchMissing(failure);
            // A libtorch that the user chose can still be replaced or removed through this engine; jobs report the failure.
            if (NativeTorch.Folder is null)
                _stop("libtorch does not load");
        }
    }
}
