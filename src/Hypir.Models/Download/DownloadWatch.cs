namespace Hypir.Models.Download;

/// <summary>Reports one file's download: changes immediately, byte counts a few times a second.</summary>
internal sealed class DownloadWatch(string target, IProgress<DownloadProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly RateMeter _rate = new(time);
    private long? _told;

    /// <summary>Total bytes, once known.</summary>
    public long? Total { get; set; }

    /// <summary>The server or folder in use.</summary>
    public string? Source { get; set; }

    /// <summary>Reports a change.</summary>
    public void Tell(DownloadStage stage, long received, TimeSpan? wait = null, string? trouble = null, (int Next, int Of)? tries = null)
    {
        _told = time.GetTimestamp();
        progress?.Report(
            new DownloadProgress(target, stage, received, Total, _rate.BytesPerSecond, Source, wait, trouble) { Tries = tries });
    }

    /// <summary>Counts bytes from a source, and reports them now and then.</summary>
    public void Receive(long bytes, long received)
    {
        _rate.Add(bytes);
        Advance(DownloadStage.Receiving, received);
    }

    /// <summary>Reports a stage's progress now and then.</summary>
    public void Advance(DownloadStage stage, long received)
    {
        if (_told is null || time.GetElapsedTime(_told.Value) >= Between)
            Tell(stage, received);
    }
}

/// <summary>Bytes per second over the last seconds: a rate that follows the connection without jitter.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<(long Timestamp, long Bytes)> _samples = [];
    private long _bytes;

    /// <summary>Counts received bytes.</summary>
    public void Add(long bytes)
    {
        long now = time.GetTimestamp();
        _samples.Enqueue((now, bytes));
        _bytes += bytes;
        while (_samples.Count > 1 && time.GetElapsedTime(_samples.Peek().Timestamp, now) > Window)
            _bytes -= _samples.Dequeue().Bytes;
    }

    /// <summary>Bytes per second; 0 until there is an interval.</summary>
    public double BytesPerSecond
    {
        get
        {
            if (_samples.Count < 2)
                return 0;
            var (first, bytes) = _samples.Peek();
            double seconds = time.GetElapsedTime(first).TotalSeconds;
            // The bytes of the first sample arrived before the interval began.
            return seconds > 0 ? (_bytes - bytes) / seconds : 0;
        }
    }
}
