namespace Hypir.Engine.Restoring;

/// <summary>Tells a forecast what each image of a run will take, from another thread, while the first ones are computed.</summary>
internal sealed class ReadAhead : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly Task _reading;

    /// <summary>Starts reading if there are several images.</summary>
    /// <param name="count">Number of images.</param>
    /// <param name="work">What an image will take; does not throw.</param>
    /// <param name="forecast">Receives it.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    public ReadAhead(int count, Func<int, double> work, BatchForecast forecast, CancellationToken cancellation)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var end = _end.Token;
        _reading = count < 2 ? Task.CompletedTask : Task.Run(() =>
        {
            for (int i = 0; i < count && !end.IsCancellationRequested; i++)
                forecast.Expect(i, work(i));
        }, CancellationToken.None);
    }

    /// <summary>Ends the reading.</summary>
    public void Dispose()
    {
        _end.Cancel();
        // Ending the process while a native decoder runs can crash.
        Task.WaitAny(_reading);
        _end.Dispose();
    }
}
