namespace Hypir.Networks;

/// <summary>Writes a file beside its place and renames it when it is complete and on the disk: readers see the old file or the new one.</summary>
public static class FileReplacement
{
    /// <summary>Writes a file, which is replaced where it exists. Where writing fails, it stays as it was and nothing is left beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content; what it throws passes through.</param>
    /// <exception cref="IOException">The folder is missing or the disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path), temporary = $"{target}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
