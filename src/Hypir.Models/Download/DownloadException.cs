using Hypir.Core.Files;

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
    internal bool IsPassing =>
        Kind
            is DownloadErrorKind.Busy
                or DownloadErrorKind.ServerError
                or DownloadErrorKind.Connection
                or DownloadErrorKind.Stalled
                or DownloadErrorKind.WrongRange;

    /// <summary>Whether another source may help: a disk stays full.</summary>
    internal bool IsOfTheSource => Kind is not (DownloadErrorKind.DiskFull or DownloadErrorKind.CannotWrite);
}

/// <summary>Why a download ended without its file.</summary>
public enum DownloadErrorKind
{
    /// <summary>Nothing says where the file can be had.</summary>
    NoSource,

    /// <summary>A web page came in place of the file.</summary>
    WebPage,

    /// <summary>A git-LFS pointer came, which only stands for the file.</summary>
    LfsPointer,

    /// <summary>A server's error message came in place of the file.</summary>
    ServerMessage,

    /// <summary>The file is shorter or longer than it should be.</summary>
    WrongLength,

    /// <summary>The file's bytes are not those that were expected.</summary>
    WrongHash,

    /// <summary>The server wants a sign-in (401).</summary>
    SignInNeeded,

    /// <summary>The server refuses (403).</summary>
    Forbidden,

    /// <summary>The file is not there (404, 410).</summary>
    NotFound,

    /// <summary>The server asks to come again later (429, 503).</summary>
    Busy,

    /// <summary>The server failed (other 5xx), or answered what makes no sense here.</summary>
    ServerError,

    /// <summary>The server continues a download at another place than it was asked for.</summary>
    WrongRange,

    /// <summary>The proxy refused or failed.</summary>
    Proxy,

    /// <summary>The server cannot be reached, or the connection broke.</summary>
    Connection,

    /// <summary>The connection is there, but nothing comes any more.</summary>
    Stalled,

    /// <summary>The disk is full, or would be.</summary>
    DiskFull,

    /// <summary>The file cannot be written.</summary>
    CannotWrite,
}

/// <summary>Free space, asked for before a download begins, and recognised where it ends in the middle.</summary>
public static class DiskSpace
{
    /// <summary>What must stay free: a system without any space fails in ways that nobody understands.</summary>
    private const long Reserve = 64L << 20;

    private const int LinuxNoSpace = 28,
        LinuxQuota = 122,
        WindowsDiskFull = unchecked((int)0x80070070),
        WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Asks for space.</summary>
    /// <param name="path">Where it is to be.</param>
    /// <param name="bytes">How much.</param>
    /// <exception cref="DownloadException">There is not enough space for so many more bytes.</exception>
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

    /// <summary>The failure to write, in the right words.</summary>
    /// <param name="path">What was to be written.</param>
    /// <param name="failure">What happened.</param>
    public static DownloadException CannotWrite(string path, Exception failure) =>
        failure.HResult is LinuxNoSpace or LinuxQuota or WindowsDiskFull or WindowsHandleDiskFull
            ? new(
                DownloadErrorKind.DiskFull, $"{path}: the disk is full.", "Free some space and call again: what has come is kept.", failure)
            : new(
                DownloadErrorKind.CannotWrite, $"{path} cannot be written: {failure.Message}",
                "Check that the folder may be written, or choose another: --store, or the environment variable HYPIR_HOME.", failure);
}
