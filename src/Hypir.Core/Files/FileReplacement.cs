using System.Security.Cryptography;
using System.Text;

namespace Hypir.Core.Files;

/// <summary>
/// A file that is written beside its place and put there when it is complete: readers see the old file or the new one, never half of one.
/// Where writing fails, the old one stays as it was and nothing is left beside it.
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

/// <summary>A text file that is written bit by bit and appears under its name when it is whole: UTF-8, lines that end as on Unix.</summary>
public sealed class WholeFile : IDisposable
{
    private readonly FileReplacement _replacement;

    /// <summary>Opens a temporary file beside the target.</summary>
    /// <param name="path">The target.</param>
    /// <exception cref="IOException">The folder is missing or the disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public WholeFile(string path)
    {
        _replacement = new(path);
        Writer = new StreamWriter(_replacement.Temporary) { NewLine = "\n" };
    }

    /// <summary>Writes the text.</summary>
    public StreamWriter Writer { get; }

    /// <summary>Puts the file into the target's place.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be written.</exception>
    public void Keep()
    {
        Writer.Dispose();
        _replacement.Keep();
    }

    /// <summary>Leaves nothing behind of a file that was not kept.</summary>
    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        catch (IOException)
        {
            // What could not be written is not kept; what failed before is told already.
        }
        _replacement.Dispose();
    }
}

/// <summary>
/// Files that are written beside their target and renamed. Their names say by a digest whose they are (and stay short where the target's is
/// long), so that what killed processes left is told from what other processes write in the same folder at this moment.
/// </summary>
public static class TemporaryFiles
{
    private const string Extension = ".tmp";

    /// <summary>A new name in the target's folder, hidden where a dot hides.</summary>
    /// <param name="target">The file that it is to become.</param>
    public static string NewFor(string target)
    {
        string full = Path.GetFullPath(target);
        return Path.Combine(Path.GetDirectoryName(full)!, $"{PrefixOf(full)}{Path.GetRandomFileName()}{Extension}");
    }

    /// <summary>Deletes what killed processes left of these targets. Nobody else may be writing them.</summary>
    /// <param name="targets">The targets; they themselves are not touched, and need not exist.</param>
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

    /// <summary>Deletes a file; one that cannot be deleted stays.</summary>
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
            // What is under way matters more than a leftover.
            return false;
        }
    }

    private static string PrefixOf(string target) =>
        $".{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(target))).AsSpan(0, 8))}.";
}
