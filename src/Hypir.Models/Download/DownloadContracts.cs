namespace Hypir.Models.Download;

/// <summary>One file to download.</summary>
/// <param name="Target">Where it goes. While it is incomplete it is <c>Target.part</c>, and <c>Target.part.json</c> says of what.</param>
/// <param name="Sources">Addresses (http, https, file), in the order in which they are tried.</param>
/// <param name="Size">Bytes, or null where it is not known.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits, or null where it is not known.</param>
public sealed record DownloadRequest(string Target, IReadOnlyList<Uri> Sources, long? Size, string? Sha256);

/// <summary>A file that is whole.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits, computed here.</param>
/// <param name="Source">Where the last of it came from; null where it was there already.</param>
public sealed record DownloadResult(long Size, string Sha256, Uri? Source);

/// <summary>How patient downloads are.</summary>
public sealed record DownloadSettings
{
    /// <summary>A connection on which nothing comes for so long is given up.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries at one source without any progress, at least 2. Progress starts the count again.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>Time before the second try; it doubles from try to try, with some chance in it.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two tries. A server that asks for more is left for the next source.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>What a download is at.</summary>
public enum DownloadStage
{
    /// <summary>Another process downloads the same file: it is waited for.</summary>
    WaitingForOther,

    /// <summary>Bytes that are on this machine are read: a part that is to be continued, or a file that is checked.</summary>
    Checking,

    /// <summary>A server was asked and has not answered yet.</summary>
    Connecting,

    /// <summary>Bytes come.</summary>
    Receiving,

    /// <summary>After a failure, the next try is waited for.</summary>
    WaitingToRetry,

    /// <summary>An archive that has come is unpacked.</summary>
    Unpacking,
}

/// <summary>How far one file's download is.</summary>
/// <param name="Target">The file.</param>
/// <param name="Stage">What it is at.</param>
/// <param name="Received">Bytes that are here, those of earlier runs included.</param>
/// <param name="Total">Bytes in all, or null where nobody has said yet.</param>
/// <param name="BytesPerSecond">Rate of the last seconds; 0 before it is known.</param>
/// <param name="Source">The server or folder in use, or null.</param>
/// <param name="Wait">How long it is waited before the next try, or null.</param>
/// <param name="Trouble">What is the matter, where something is; or null.</param>
public sealed record DownloadProgress(
    string Target, DownloadStage Stage, long Received, long? Total, double BytesPerSecond, string? Source, TimeSpan? Wait = null,
    string? Trouble = null)
{
    /// <summary>Time left at this rate, or null where it cannot be told.</summary>
    public TimeSpan? Remaining =>
        Total is { } total && BytesPerSecond > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - Received) / BytesPerSecond) : null;
}
