namespace Hypir.Testing;

/// <summary>A clock that a test moves.</summary>
public sealed class HandClock : TimeProvider
{
    private readonly List<HandTimer> _timers = [];

    /// <summary>Whether a timer waits for its time.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_timers)
                return _timers.Any(timer => timer.Left != Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Moves the clock, and calls the timers whose time has come.</summary>
    public void Advance(TimeSpan time)
    {
        HandTimer[] due;
        lock (_timers)
        {
            HandTimer[] waiting = [.. _timers.Where(timer => timer.Left != Timeout.InfiniteTimeSpan)];
            due = [.. waiting.Where(timer => timer.Left <= time)];
            foreach (HandTimer timer in waiting)
                timer.Left = timer.Left <= time ? Timeout.InfiniteTimeSpan : timer.Left - time;
        }

        foreach (HandTimer timer in due)
            timer.Call();
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state)) { Left = dueTime };
        lock (_timers)
            _timers.Add(timer);
        return timer;
    }

    private sealed class HandTimer(HandClock clock, Action call) : ITimer
    {
        public TimeSpan Left { get; set; }

        public void Call() => call();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._timers)
                Left = dueTime;
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
