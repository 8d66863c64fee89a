using Hypir.Core.Files;

namespace Hypir.Models.Download;

/// <summary>Free space, asked for before a download begins, and recognised where it ends in the middle.</summary>
public static class DiskSpace
{
    /// <summary>What must stay free: a system without any space fails in ways that nobody understands.</summary>
    private const long Reserve = 64L << 20;

    private const int LinuxNoSpace = 28, LinuxQuota = 122, WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Asks for space.</summary>
    /// <param name="path">Where it is to be.</param>
    /// <param name="bytes">How much.</param>
    /// <exception cref="DownloadException">There is not enough space for so many more bytes.</exception>
    public static void Require(string path, long bytes)
    {
        long? free = DiskRoom.Free(path);
        if (free is { } there && bytes > Math.Max(0, there - Reserve))
        {
            throw new DownloadException(DownloadErrorKind.DiskFull, $"{path} needs {Sizes.Of(bytes)} more, but only {Sizes.Of(there)} are free there.",
                "Free some space, or use another disk: the environment variable HYPIR_HOME, for models also --store.");
        }
    }

    /// <summary>The failure to write, in the right words.</summary>
    /// <param name="path">What was to be written.</param>
    /// <param name="failure">What happened.</param>
    public static DownloadException CannotWrite(string path, Exception failure) => failure.HResult is LinuxNoSpace or LinuxQuota or WindowsDiskFull or WindowsHandleDiskFull
        ? new(DownloadErrorKind.DiskFull, $"{path}: the disk is full.", "Free some space and call again: what has come is kept.", failure)
        : new(DownloadErrorKind.CannotWrite, $"{path} cannot be written: {failure.Message}", "Check that the folder may be written, or choose another: --store, or the environment variable HYPIR_HOME.", failure);
}
