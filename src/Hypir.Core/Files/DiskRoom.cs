namespace Hypir.Core.Files;

/// <summary>How much room a disk has.</summary>
public static class DiskRoom
{
    /// <summary>Bytes that are free where a path is or will be, or null where that cannot be told.</summary>
    /// <param name="path">A file or folder.</param>
    public static long? Free(string path)
    {
        string? folder = Path.GetFullPath(path);
        while (folder is not null && !Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder);
        try
        {
            return folder is null ? null : new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Network shares do not always tell; writing will.
            return null;
        }
    }
}
