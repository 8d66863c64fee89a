using System.Runtime.InteropServices;
using System.Text;

namespace Hypir.Core.Files;

/// <summary>Checks whether a file can be written before its content is computed.</summary>
public static partial class FolderAccess
{
    /// <summary>The longest name that common file systems accept: bytes on Linux, UTF-16 units elsewhere.</summary>
    private const int LongestName = 255;

    private const int LongestLinuxPath = 4095;
    private const int WriteAndSearch = 3;
    private const int ReadOnlyFileSystem = 30;

    /// <summary>
    /// The reason why a file cannot be written; null if no obstacle is known. The check writes nothing, except on Windows.
    /// </summary>
    /// <param name="file">The file. Neither it nor its folder need exist.</param>
    public static string? Problem(string file)
    {
        string full = Path.GetFullPath(file);
        if (Directory.Exists(full))
            return $"{file} is a folder.";
        if (full.Split(Path.DirectorySeparatorChar).FirstOrDefault(name => Length(name) > LongestName) is { } name)
            return $"The name {name} is too long: it has {Length(name)} {(OperatingSystem.IsWindows() ? "characters" : "bytes")}; "
                + $"the limit is {LongestName}.";
        if (!OperatingSystem.IsWindows() && Encoding.UTF8.GetByteCount(full) > LongestLinuxPath)
            return $"The path {file} is too long: the limit is {LongestLinuxPath} bytes.";
        return FolderProblem(Path.GetDirectoryName(full)!);
    }

    /// <summary>The reason why files cannot be written to a folder, which need not exist.</summary>
    /// <param name="folder">The folder.</param>
    public static string? FolderProblem(string folder)
    {
        string at = Path.GetFullPath(folder);
        while (!Directory.Exists(at))
        {
            if (File.Exists(at))
                return $"{at} is a file, not a folder.";
            if (Path.GetDirectoryName(at) is not { } parent)
                return $"{at} does not exist.";
            at = parent;
        }

        return OperatingSystem.IsWindows() ? Probe(at)
            : Access(at, WriteAndSearch) == 0 ? null
            : Marshal.GetLastPInvokeError() == ReadOnlyFileSystem ? $"{at} is on a read-only file system."
            : $"{at} cannot be written: permission denied.";
    }

    private static int Length(string name) => OperatingSystem.IsWindows() ? name.Length : Encoding.UTF8.GetByteCount(name);

    /// <summary>On Windows the only reliable check is to write a file.</summary>
    private static string? Probe(string folder)
    {
        try
        {
            using var file = new FileStream(
                TemporaryFiles.NewFor(Path.Combine(folder, "probe")), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return $"{folder} cannot be written: permission denied.";
        }
        catch (IOException failure)
        {
            return $"{folder} cannot be written: {failure.Message}";
        }
    }

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Access(string path, int mode);
}

/// <summary>Free space on a disk.</summary>
public static class DiskRoom
{
    /// <summary>Free bytes on the disk that holds a path (existing or not), or null if unknown.</summary>
    /// <param name="path">A file or folder.</param>
    public static long? Free(string path)
    {
        string? folder = Path.GetFullPath(path);
        while (folder is not null && !Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder);
        try
        {
            return folder is null
                ? null
                : new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Network shares do not always report it; writing will show.
            return null;
        }
    }
}
