namespace Hypir.Models.Download;

/// <summary>One file to download.</summary>
/// <param name="Target">The final path. While incomplete, the file is <c>Target.part</c>, and <c>Target.part.json</c> identifies
/// it.</param>
/// <param name="Sources">Addresses (http, https, file), in the order in which to try them.</param>
/// <param name="Size">Bytes, or null if unknown.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits, or null if unknown.</param>
public sealed record DownloadRequest(string Target, IReadOnlyList<Uri> Sources, long? Size, string? Sha256);

/// <summary>A complete file.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits, computed here.</param>
/// <param name="Source">The source of its last part; null if it was already here.</param>
public sealed record DownloadResult(long Size, string Sha256, Uri? Source);

/// <summary>The timeouts and retries of downloads.</summary>
public sealed record DownloadSettings
{
    /// <summary>A connection without data for this long is abandoned.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries at one source without any progress, at least 2. Progress resets the count.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>Wait before the second try; it doubles with each try, with some random variation.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries. If a server asks for more, the next source is tried.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>The current step of a download.</summary>
public enum DownloadStage
{
    /// <summary>Another process is downloading the same file; waiting for it.</summary>
    WaitingForOther,

    /// <summary>Reading local bytes: a part to be continued, or a file to be checked.</summary>
    Checking,

    /// <summary>Waiting for a server's answer.</summary>
    Connecting,

    /// <summary>Receiving bytes.</summary>
    Receiving,

    /// <summary>Waiting to retry after a failure.</summary>
    WaitingToRetry,

    /// <summary>Unpacking a downloaded archive.</summary>
    Unpacking,
}

/// <summary>The progress of one file's download.</summary>
/// <param name="Target">The file.</param>
/// <param name="Stage">The current step.</param>
/// <param name="Received">Bytes already here, including those of earlier runs.</param>
/// <param name="Total">Total bytes, or null if not yet known.</param>
/// <param name="BytesPerSecond">Rate over the last seconds; 0 until it is known.</param>
/// <param name="Source">The server or folder in use, or null.</param>
/// <param name="Wait">The wait before the next try, or null.</param>
/// <param name="Trouble">The current problem, or null.</param>
public sealed record DownloadProgress(
    string Target, DownloadStage Stage, long Received, long? Total, double BytesPerSecond, string? Source, TimeSpan? Wait = null,
    string? Trouble = null)
{
    /// <summary>The number of the next try at this source and how many there are, or null unless it waits to retry.</summary>
    public (int Next, int Of)? Tries { get; init; }

    /// <summary>Time left at this rate, or null if unknown.</summary>
    public TimeSpan? Remaining =>
        Total is { } total && BytesPerSecond > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - Received) / BytesPerSecond) : null;
}
