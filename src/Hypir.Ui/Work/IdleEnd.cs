namespace Hypir.Ui.Work;

/// <summary>Ends the window some time after the last page was closed and the last job has finished.</summary>
internal sealed class IdleEnd : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Gallery _gallery;
    private readonly TimeSpan _patience;
    private readonly ITimer _timer;

    /// <summary>Begins to watch.</summary>
    /// <param name="gallery">The images and pages.</param>
    /// <param name="patience">The time.</param>
    /// <param name="end">Ends the window.</param>
    /// <param name="clock">Measures the time.</param>
    public IdleEnd(Gallery gallery, TimeSpan patience, Action end, TimeProvider clock)
    {
        (_gallery, _patience) = (gallery, patience);
        _timer = clock.CreateTimer(
            _ =>
            {
                // What came while the timer fired keeps the window.
                if (!gallery.IsOccupied)
                    end();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        gallery.Occupied += Look;
        Look();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gallery.Occupied -= Look;
        _timer.Dispose();
    }

    private void Look()
    {
        try
        {
            // One at a time: what was seen first must not be set last.
            lock (_gate)
                _timer.Change(_gallery.IsOccupied ? Timeout.InfiniteTimeSpan : _patience, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The window is ending.
        }
    }
}
