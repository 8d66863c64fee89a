namespace Hypir.Core.Files;

/// <summary>
/// A file that is written beside its place and put there when it is complete: readers see the old file or the new one, never half of one. Where writing fails, the
/// old one stays as it was and nothing is left beside it.
/// </summary>
/// <param name="path">Its place. Nothing is written yet.</param>
public sealed class FileReplacement(string path) : IDisposable
{
    private readonly string _target = Path.GetFullPath(path);

    /// <summary>The file to write, under a name that nobody else has.</summary>
    public string Temporary { get; } = TemporaryFiles.NewFor(path);

    /// <summary>Writes a file, which is replaced where it exists, and has it on the disk before it takes its place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content; what it throws passes through.</param>
    /// <exception cref="IOException">The folder is missing or the disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var replacement = new FileReplacement(path);
        using (var stream = new FileStream(replacement.Temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }
        replacement.Keep();
    }

    /// <summary>Puts what was written and closed into its place.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be written.</exception>
    public void Keep() => File.Move(Temporary, _target, overwrite: true);

    /// <summary>Leaves nothing behind of a file that was not kept.</summary>
    public void Dispose() => TemporaryFiles.TryDelete(Temporary);
}
