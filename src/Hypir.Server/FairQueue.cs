using System.Diagnostics.CodeAnalysis;

namespace Hypir.Server;

/// <summary>
/// The queue of waiting jobs. Clients take turns, so one with many jobs does not starve the others; each client's own jobs stay in order.
/// </summary>
internal sealed class FairQueue
{
    private readonly object _lock = new();
    private readonly List<(object Client, List<Job> Jobs)> _turns = [];
    private bool _closed;

    /// <summary>Number of waiting jobs.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _turns.Sum(turn => turn.Jobs.Count);
        }
    }

    /// <summary>Appends a job to its client's jobs.</summary>
    /// <returns>False if the queue is closed.</returns>
    public bool TryAdd(Job job)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            int turn = _turns.FindIndex(entry => entry.Client == job.Client);
            if (turn < 0)
                _turns.Add((job.Client, [job]));
            else
                _turns[turn].Jobs.Add(job);
            Monitor.Pulse(_lock);
            return true;
        }
    }

    /// <summary>Waits for the next job and removes it.</summary>
    /// <returns>False when the queue is closed.</returns>
    public bool TryTake([NotNullWhen(true)] out Job? job)
    {
        lock (_lock)
        {
            job = null;
            while (!_closed && _turns.Count == 0)
                Monitor.Wait(_lock);
            if (_closed)
                return false;
            (object client, List<Job> jobs) = _turns[0];
            _turns.RemoveAt(0);
            job = jobs[0];
            jobs.RemoveAt(0);
            if (jobs.Count > 0)
                _turns.Add((client, jobs));
            return true;
        }
    }

    /// <summary>Removes a job that ended while it was waiting.</summary>
    public void Remove(Job job)
    {
        lock (_lock)
        {
            int turn = _turns.FindIndex(entry => entry.Client == job.Client);
            if (turn >= 0 && _turns[turn].Jobs.Remove(job) && _turns[turn].Jobs.Count == 0)
                _turns.RemoveAt(turn);
        }
    }

    /// <summary>The waiting jobs, each with the number of jobs ahead of it.</summary>
    public IReadOnlyList<(Job Job, int Ahead)> Order()
    {
        lock (_lock)
        {
            // Rounds: the first job of each client, then the second of each …
            var order = _turns.SelectMany((turn, place) => turn.Jobs.Select((job, round) => (job, round, place)))
                .OrderBy(entry => entry.round).ThenBy(entry => entry.place).Select(entry => entry.job);
            return [.. order.Select((job, ahead) => (job, ahead))];
        }
    }

    /// <summary>Closes the queue and returns the jobs that were waiting.</summary>
    public IReadOnlyList<Job> Close()
    {
        lock (_lock)
        {
            _closed = true;
            Job[] left = [.. _turns.SelectMany(turn => turn.Jobs)];
            _turns.Clear();
            Monitor.PulseAll(_lock);
            return left;
        }
    }
}
