namespace Hypir.Core.Files;

/// <summary>
/// The file that a path refers to, regardless of spelling: two paths to one file are equal through links, hard links and mounts. A file
/// that does not exist yet is identified by its nearest existing folder and the path below it.
/// </summary>
public readonly record struct FileIdentity
{
    private readonly ulong _volume;
    private readonly UInt128 _file;
    private readonly string _rest;

    private FileIdentity(ulong volume, UInt128 file, string rest) => (_volume, _file, _rest) = (volume, file, rest);

    /// <summary>Whether the file exists.</summary>
    public bool Exists => _rest.Length == 0;

    /// <summary>Identifies the file that a path refers to. Links are followed.</summary>
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

    /// <summary>Whether two paths refer to the same file.</summary>
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
        // A folder may have been reached by a link: only the system knows where it really is, and Path treats ".." as text.
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
    /// Whether a folder ignores case in names. On Linux that depends on the volume, so an existing name is tried in the other case.
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

/// <summary>The files that a command reads and therefore must not write. They are compared as files, not as paths.</summary>
public sealed class InputFiles
{
    private readonly Dictionary<FileIdentity, string> _files = [];

    /// <summary>Records which files are read.</summary>
    /// <param name="paths">The files. Missing ones are skipped; reading them reports the error.</param>
    public InputFiles(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (string path in paths)
            _files.TryAdd(FileIdentity.Of(path), path);
    }

    /// <summary>The input that a target would overwrite, as it was named; null if the target is not an input.</summary>
    /// <param name="target">Where something is to be written.</param>
    public string? Find(string target) => _files.GetValueOrDefault(FileIdentity.Of(target));

    /// <summary>Checks that a target is not one of the inputs.</summary>
    /// <param name="target">Where something is to be written.</param>
    /// <exception cref="UsageException">It is an input.</exception>
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
