namespace Hypir.Models.Download;

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
    string Target, DownloadStage Stage, long Received, long? Total, double BytesPerSecond, string? Source, TimeSpan? Wait = null, string? Trouble = null)
{
    /// <summary>Time left at this rate, or null where it cannot be told.</summary>
    public TimeSpan? Remaining => Total is { } total && BytesPerSecond > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - Received) / BytesPerSecond) : null;
}
