namespace Hypir.Core.Files;

/// <summary>
/// Which file a path means, whatever the path looks like: two paths of one file are equal through links, hard links, mounts and other
/// spellings. A file that does not exist yet is told by the nearest folder that does and the path within it.
/// </summary>
public readonly record struct FileIdentity
{
    private readonly ulong _volume;
    private readonly UInt128 _file;
    private readonly string _rest;

    private FileIdentity(ulong volume, UInt128 file, string rest) => (_volume, _file, _rest) = (volume, file, rest);

    /// <summary>Whether the file exists.</summary>
    public bool Exists => _rest.Length == 0;

    /// <summary>Finds out which file a path means. Links are followed.</summary>
    /// <param name="path">A file or folder that need not exist.</param>
    public static FileIdentity Of(string path)
    {
        string at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), rest = "";
        while (true)
        {
            if (FileFacts.Of(at) is { } facts)
                return new(facts.Volume, facts.File, rest.Length > 0 && IgnoresCase(at) ? rest.ToUpperInvariant() : rest);
            if (Path.GetDirectoryName(at) is not { } parent)
                return new(0, 0, Path.Combine(at, rest));
            rest = Path.Combine(Path.GetFileName(at), rest);
            at = parent;
        }
    }

    /// <summary>Whether two paths mean one file.</summary>
    /// <param name="one">A path.</param>
    /// <param name="other">Another.</param>
    public static bool AreSame(string one, string other) => Of(one) == Of(other);

    /// <summary>Whether a path lies within a folder, or is that folder. Links are followed.</summary>
    /// <param name="path">A file or folder that need not exist.</param>
    /// <param name="folder">A folder.</param>
    public static bool IsWithin(string path, string folder)
    {
        var wanted = Of(folder);
        string at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        while (FileFacts.Of(at) is not { IsFolder: true })
        {
            if (Of(at) == wanted)
                return true;
            if (Path.GetDirectoryName(at) is not { } parent)
                return false;
            at = parent;
        }
        // A folder may have been reached by a link: only the system knows where it really lies, and Path would take ".." for text.
        var top = FileFacts.Of(folder);
        for (var here = FileFacts.Of(at); here != top;)
        {
            at = OperatingSystem.IsWindows() ? Path.GetDirectoryName(at) ?? at : at + "/..";
            var above = FileFacts.Of(at);
            if (above is null || above == here)
                return false;
            here = above;
        }
        return true;
    }

    /// <summary>
    /// Whether a folder takes "A" and "a" for one name. On Linux that depends on the volume: an existing name in other letters tells.
    /// </summary>
    private static bool IgnoresCase(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        for (
            string? at = folder;
            Path.GetDirectoryName(at) is { } parent && FileFacts.Of(at)?.Volume == FileFacts.Of(parent)?.Volume;
            at = parent
        )
        {
            if (InOtherLetters(at) is { } other)
                return AreOne(at, other);
        }
        return FirstIn(folder) is { } entry && InOtherLetters(entry) is { } another && AreOne(entry, another);
    }

    private static bool AreOne(string path, string other) => FileFacts.Of(other) is { } facts && facts == FileFacts.Of(path);

    private static string? InOtherLetters(string path)
    {
        string name = Path.GetFileName(path), other = name.ToUpperInvariant();
        if (other == name)
            other = name.ToLowerInvariant();
        return other == name ? null : Path.Combine(Path.GetDirectoryName(path)!, other);
    }

    private static string? FirstIn(string folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).FirstOrDefault();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>The files that a command reads, and must therefore not write. They are compared as files, not as paths.</summary>
public sealed class InputFiles
{
    private readonly Dictionary<FileIdentity, string> _files = [];

    /// <summary>Takes down which files are read.</summary>
    /// <param name="paths">The files. Those that do not exist are told by whoever reads them.</param>
    public InputFiles(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (string path in paths)
            _files.TryAdd(FileIdentity.Of(path), path);
    }

    /// <summary>The input that a target is, as it was named; null where it is none.</summary>
    /// <param name="target">Where something is to be written.</param>
    public string? Find(string target) => _files.GetValueOrDefault(FileIdentity.Of(target));

    /// <summary>Checks that a target is no input.</summary>
    /// <param name="target">Where something is to be written.</param>
    /// <exception cref="UsageException">It is one.</exception>
    public void Protect(string target)
    {
        if (Find(target) is { } input)
        {
            throw new UsageException(
                input == target
                    ? $"{target} is an input and would be overwritten."
                    : $"{target} is the same file as the input {input}, which would be overwritten.",
                "Inputs are never overwritten: choose another output."
            );
        }
    }
}
