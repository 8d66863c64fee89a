using Hypir.Core.Files;

namespace Hypir.Models.Download;

/// <summary>A file could not be downloaded. Received bytes stay in its part file, unless they were wrong.</summary>
/// <param name="kind">The category of the failure, for programs to test.</param>
/// <param name="message">The reason, and the source.</param>
/// <param name="remedy">What to do next.</param>
/// <param name="inner">The underlying exception, if any.</param>
public sealed class DownloadException(DownloadErrorKind kind, string message, string? remedy = null, Exception? inner = null)
    : HypirException(message, remedy, inner)
{
    /// <summary>The category of the failure.</summary>
    public DownloadErrorKind Kind { get; } = kind;

    /// <summary>The wait that the server asks for, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether retrying the same source may help.</summary>
    internal bool IsPassing =>
        Kind
            is DownloadErrorKind.Busy
                or DownloadErrorKind.ServerError
                or DownloadErrorKind.Connection
                or DownloadErrorKind.Stalled
                or DownloadErrorKind.WrongRange;

    /// <summary>Whether another source may help, unlike with a full disk.</summary>
    internal bool IsOfTheSource => Kind is not (DownloadErrorKind.DiskFull or DownloadErrorKind.CannotWrite);
}

/// <summary>The reason why a download failed.</summary>
public enum DownloadErrorKind
{
    /// <summary>No source is known for the file.</summary>
    NoSource,

    /// <summary>The server sent a web page instead of the file.</summary>
    WebPage,

    /// <summary>The server sent a git-LFS pointer, a placeholder for the file.</summary>
    LfsPointer,

    /// <summary>The server sent an error message instead of the file.</summary>
    ServerMessage,

    /// <summary>The file is shorter or longer than it should be.</summary>
    WrongLength,

    /// <summary>The file's content is not the expected one.</summary>
    WrongHash,

    /// <summary>The server requires a sign-in (401).</summary>
    SignInNeeded,

    /// <summary>The server refuses access (403).</summary>
    Forbidden,

    /// <summary>The file does not exist (404, 410).</summary>
    NotFound,

    /// <summary>The server asks to retry later (429, 503).</summary>
    Busy,

    /// <summary>The server failed (other 5xx), or sent an invalid answer.</summary>
    ServerError,

    /// <summary>The server continues a download at another position than requested.</summary>
    WrongRange,

    /// <summary>The proxy refused or failed.</summary>
    Proxy,

    /// <summary>The server is unreachable, or the connection broke.</summary>
    Connection,

    /// <summary>The connection is open, but no more data arrives.</summary>
    Stalled,

    /// <summary>The disk is full, or would be.</summary>
    DiskFull,

    /// <summary>The file cannot be written.</summary>
    CannotWrite,
}

/// <summary>Checks free space before a download begins, and recognizes a full disk during it.</summary>
public static class DiskSpace
{
    /// <summary>Space that must stay free: a system without any space fails in obscure ways.</summary>
    private const long Reserve = 64L << 20;

    private const int LinuxNoSpace = 28,
        LinuxQuota = 122,
        WindowsDiskFull = unchecked((int)0x80070070),
        WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Requires free space.</summary>
    /// <param name="path">Where the bytes are to be stored.</param>
    /// <param name="bytes">The number of bytes.</param>
    /// <exception cref="DownloadException">There is not enough space.</exception>
    public static void Require(string path, long bytes)
    {
        long? free = DiskRoom.Free(path);
        if (free is { } there && bytes > Math.Max(0, there - Reserve))
        {
            throw new DownloadException(
                DownloadErrorKind.DiskFull, $"{path} needs {Sizes.Of(bytes)} more, but only {Sizes.Of(there)} are free there.",
                "Free some space, or use another disk: the environment variable HYPIR_HOME, for models also --store.");
        }
    }

    /// <summary>Describes a failed write.</summary>
    /// <param name="path">The file to be written.</param>
    /// <param name="failure">The failure.</param>
    public static DownloadException CannotWrite(string path, Exception failure) =>
        failure.HResult is LinuxNoSpace or LinuxQuota or WindowsDiskFull or WindowsHandleDiskFull
            ? new(
                DownloadErrorKind.DiskFull, $"{path}: the disk is full.",
                "Free some space and try again: the downloaded part is kept.", failure)
            : new(
                DownloadErrorKind.CannotWrite, $"{path} cannot be written: {failure.Message}",
                "Check that the folder may be written, or choose another: --store, or the environment variable HYPIR_HOME.", failure);
}
