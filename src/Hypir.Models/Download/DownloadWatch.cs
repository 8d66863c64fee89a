namespace Hypir.Models.Download;

/// <summary>Tells of one file's download: changes at once, mere bytes a few times a second.</summary>
internal sealed class DownloadWatch(string target, IProgress<DownloadProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly RateMeter _rate = new(time);
    private long? _told;

    /// <summary>Bytes in all, as soon as somebody has said so.</summary>
    public long? Total { get; set; }

    /// <summary>The server or folder in use.</summary>
    public string? Source { get; set; }

    /// <summary>Tells of a change.</summary>
    public void Tell(DownloadStage stage, long received, TimeSpan? wait = null, string? trouble = null)
    {
        _told = time.GetTimestamp();
        progress?.Report(new DownloadProgress(target, stage, received, Total, _rate.BytesPerSecond, Source, wait, trouble));
    }

    /// <summary>Counts bytes from a source, and tells of them now and then.</summary>
    public void Receive(long bytes, long received)
    {
        _rate.Add(bytes);
        Advance(DownloadStage.Receiving, received);
    }

    /// <summary>Tells now and then how far a stage is.</summary>
    public void Advance(DownloadStage stage, long received)
    {
        if (_told is null || time.GetElapsedTime(_told.Value) >= Between)
            Tell(stage, received);
    }
}
