namespace Hypir.Models.Download;

/// <summary>A file could not be downloaded. What had come stays in its part, unless it was wrong.</summary>
/// <param name="kind">Why, as a category that programs can test.</param>
/// <param name="message">Why, and from where.</param>
/// <param name="remedy">What to do next.</param>
/// <param name="inner">The cause, if another exception told of it.</param>
public sealed class DownloadException(DownloadErrorKind kind, string message, string? remedy = null, Exception? inner = null)
    : HypirException(message, remedy, inner)
{
    /// <summary>Why.</summary>
    public DownloadErrorKind Kind { get; } = kind;

    /// <summary>How long the server asks to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether trying the same source again may help.</summary>
    internal bool IsPassing => Kind is DownloadErrorKind.Busy or DownloadErrorKind.ServerError or DownloadErrorKind.Connection or DownloadErrorKind.Stalled
        or DownloadErrorKind.WrongRange;

    /// <summary>Whether another source may help: a disk stays full.</summary>
    internal bool IsOfTheSource => Kind is not (DownloadErrorKind.DiskFull or DownloadErrorKind.CannotWrite);
}
