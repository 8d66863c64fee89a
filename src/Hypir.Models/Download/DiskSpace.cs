namespace Hypir.Models.Download;

/// <summary>Free space, asked for before a download begins, and recognised where it ends in the middle.</summary>
internal static class DiskSpace
{
    /// <summary>What must stay free: a system without any space fails in ways that nobody understands.</summary>
    private const long Reserve = 64L << 20;

    private const int LinuxNoSpace = 28, LinuxQuota = 122, WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <exception cref="DownloadException">There is not enough space for so many more bytes.</exception>
    public static void Require(string path, long bytes)
    {
        long? free = Free(path);
        if (free is { } there && bytes > Math.Max(0, there - Reserve))
        {
            throw new DownloadException(DownloadErrorKind.DiskFull, $"{path} needs {Sizes.Of(bytes)} more, but only {Sizes.Of(there)} are free there.",
                "Free some space, or keep the models on another disk: --store, or the environment variable HYPIR_HOME.");
        }
    }

    /// <summary>The failure to write, in the right words.</summary>
    public static DownloadException CannotWrite(string path, Exception failure) => failure.HResult is LinuxNoSpace or LinuxQuota or WindowsDiskFull or WindowsHandleDiskFull
        ? new(DownloadErrorKind.DiskFull, $"{path}: the disk is full.", "Free some space and call again: what has come is kept.", failure)
        : new(DownloadErrorKind.CannotWrite, $"{path} cannot be written: {failure.Message}", "Check that the folder may be written, or choose another: --store, or the environment variable HYPIR_HOME.", failure);

    private static long? Free(string path)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : Path.GetDirectoryName(path)!).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Network shares do not always tell; writing will.
            return null;
        }
    }
}
