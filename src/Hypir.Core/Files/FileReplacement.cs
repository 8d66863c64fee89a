using System.Security.Cryptography;
using System.Text;

namespace Hypir.Core.Files;

/// <summary>
/// A file that is written beside its target and renamed when complete: readers see the old file or the new one, never a partial one. If
/// writing fails, the old file stays unchanged and no temporary file is left.
/// </summary>
/// <param name="path">The target. Nothing is written yet.</param>
public sealed class FileReplacement(string path) : IDisposable
{
    private readonly string _target = Path.GetFullPath(path);

    /// <summary>The temporary file to write; its name is unique.</summary>
    public string Temporary { get; } = TemporaryFiles.NewFor(path);

    /// <summary>Writes a file, replacing any old one; the data is flushed to disk before the rename.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content; its exceptions pass through.</param>
    /// <exception cref="IOException">The folder is missing or the disk reported an error.</exception>
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

    /// <summary>Renames the closed temporary file to the target.</summary>
    /// <exception cref="IOException">The disk reported an error.</exception>
    /// <exception cref="UnauthorizedAccessException">The target may not be written.</exception>
    public void Keep() => File.Move(Temporary, _target, overwrite: true);

    /// <summary>Deletes the temporary file unless it was kept.</summary>
    public void Dispose() => TemporaryFiles.TryDelete(Temporary);
}

/// <summary>A text file that is written incrementally and appears under its name when complete: UTF-8, Unix line endings.</summary>
public sealed class WholeFile : IDisposable
{
    private readonly FileReplacement _replacement;

    /// <summary>Opens a temporary file beside the target.</summary>
    /// <param name="path">The target.</param>
    /// <exception cref="IOException">The folder is missing or the disk reported an error.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public WholeFile(string path)
    {
        _replacement = new(path);
        Writer = new StreamWriter(_replacement.Temporary) { NewLine = "\n" };
    }

    /// <summary>Takes the text.</summary>
    public StreamWriter Writer { get; }

    /// <summary>Renames the file to the target.</summary>
    /// <exception cref="IOException">The disk reported an error.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be written.</exception>
    public void Keep()
    {
        Writer.Dispose();
        _replacement.Keep();
    }

    /// <summary>Deletes the temporary file unless it was kept.</summary>
    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        catch (IOException)
        {
            // The file is not kept, and the earlier failure was already reported.
        }
        _replacement.Dispose();
    }
}

/// <summary>
/// Files that are written beside their target and renamed. A digest of the target in the name (short even where the target's name is long)
/// tells the leftovers of killed processes from files that other processes are writing in the same folder right now.
/// </summary>
public static class TemporaryFiles
{
    private const string Extension = ".tmp";

    /// <summary>A new name in the target's folder, hidden on systems that hide dot files.</summary>
    /// <param name="target">The file that it is to become.</param>
    public static string NewFor(string target)
    {
        string full = Path.GetFullPath(target);
        return Path.Combine(Path.GetDirectoryName(full)!, $"{PrefixOf(full)}{Path.GetRandomFileName()}{Extension}");
    }

    /// <summary>Deletes temporary files that killed processes left for these targets. No other process may be writing them.</summary>
    /// <param name="targets">The targets; they are not touched and need not exist.</param>
    /// <returns>How many files were deleted.</returns>
    public static int Sweep(IEnumerable<string> targets)
    {
        int swept = 0;
        foreach (var folder in targets.Select(Path.GetFullPath).GroupBy(target => Path.GetDirectoryName(target)!))
        {
            if (!Directory.Exists(folder.Key))
                continue;
            var prefixes = folder.Select(PrefixOf).ToHashSet(StringComparer.Ordinal);
            int length = prefixes.First().Length;
            foreach (string file in Directory.GetFiles(folder.Key, ".*" + Extension))
            {
                string name = Path.GetFileName(file);
                if (name.Length > length && prefixes.Contains(name[..length]) && TryDelete(file))
                    swept++;
            }
        }

        return swept;
    }

    /// <summary>Deletes a file; failure is ignored.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Whether it is gone.</returns>
    public static bool TryDelete(string file)
    {
        try
        {
            File.Delete(file);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The work in progress matters more than a leftover file.
            return false;
        }
    }

    private static string PrefixOf(string target) =>
        $".{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(target))).AsSpan(0, 8))}.";
}
