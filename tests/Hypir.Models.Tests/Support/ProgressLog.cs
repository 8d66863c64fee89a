using System.Collections.Concurrent;
using Hypir.Models.Download;

namespace Hypir.Models.Tests.Support;

/// <summary>Keeps what a download tells, in order.</summary>
internal sealed class ProgressLog(Action<DownloadProgress>? also = null) : IProgress<DownloadProgress>
{
    public ConcurrentQueue<DownloadProgress> All { get; } = [];

    public void Report(DownloadProgress value)
    {
        All.Enqueue(value);
        also?.Invoke(value);
    }
}
