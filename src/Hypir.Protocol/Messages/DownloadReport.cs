namespace Hypir.Protocol.Messages;

/// <summary>How far a model's download or copy is; the notification <c>download</c>.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Model">The model that was asked for.</param>
/// <param name="File">The file it is at, as its place in the store: "sd2.1-base/unet/config.json".</param>
/// <param name="Step">What it is at.</param>
/// <param name="ReceivedBytes">Bytes of all files that are here, those of earlier downloads included.</param>
/// <param name="TotalBytes">Bytes of all files, or null where not all sizes are known yet.</param>
/// <param name="BytesPerSecond">Rate of the last seconds; 0 while it is not known.</param>
/// <param name="RemainingSeconds">Time left at this rate, or null where it cannot be told.</param>
/// <param name="Source">The server or folder in use, or null.</param>
/// <param name="WaitSeconds">How long it is waited before the next try, or null.</param>
/// <param name="Trouble">What is the matter, as a sentence for the person; mostly null.</param>
public sealed record DownloadReport(
    string JobId, string Model, string File, DownloadStep Step, long ReceivedBytes, long? TotalBytes = null, double BytesPerSecond = 0,
    double? RemainingSeconds = null, string? Source = null, double? WaitSeconds = null, string? Trouble = null);
