namespace Hypir.Models.Download;

/// <summary>Bytes a second, over the last seconds: a rate that follows the line without trembling.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<(long Timestamp, long Bytes)> _samples = [];
    private long _bytes;

    /// <summary>Counts bytes that came.</summary>
    public void Add(long bytes)
    {
        long now = time.GetTimestamp();
        _samples.Enqueue((now, bytes));
        _bytes += bytes;
        while (_samples.Count > 1 && time.GetElapsedTime(_samples.Peek().Timestamp, now) > Window)
            _bytes -= _samples.Dequeue().Bytes;
    }

    /// <summary>Bytes a second; 0 before there is an interval.</summary>
    public double BytesPerSecond
    {
        get
        {
            if (_samples.Count < 2)
                return 0;
            var (first, bytes) = _samples.Peek();
            double seconds = time.GetElapsedTime(first).TotalSeconds;
            // What came with the first sample came before the interval began.
            return seconds > 0 ? (_bytes - bytes) / seconds : 0;
        }
    }
}
