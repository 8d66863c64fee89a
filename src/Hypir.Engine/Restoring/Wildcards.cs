using System.IO.Enumeration;

namespace Hypir.Engine.Restoring;

/// <summary>Expands <c>*</c> and <c>?</c> in file names, where the shell did not: those of Windows never do.</summary>
internal static class Wildcards
{
    private static readonly char[] Signs = ['*', '?'];

    private static readonly EnumerationOptions Everything = new()
    {
        IgnoreInaccessible = false,
        // As in a shell, a pattern does not match hidden files.
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };

    /// <summary>Whether a path contains wildcards and is not a file or folder of that very name.</summary>
    public static bool IsPattern(string path) => path.IndexOfAny(Signs) >= 0 && !File.Exists(path) && !Directory.Exists(path);

    /// <summary>Replaces each pattern by what it matches, in ordinal order.</summary>
    /// <param name="paths">Paths and patterns.</param>
    /// <exception cref="UsageException">A pattern matches nothing, or its folder cannot be read.</exception>
    public static IEnumerable<string> Expand(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            if (!IsPattern(path))
            {
                yield return path;
                continue;
            }

            string[] found = [.. Matches(path)];
            if (found.Length == 0)
                throw new UsageException($"No file matches {path}.", "Check the name and the folder.");
            foreach (string file in found)
                yield return file;
        }
    }

    private static IEnumerable<string> Matches(string pattern)
    {
        string root = Path.GetPathRoot(pattern) ?? "";
        string[] parts = pattern[root.Length..].Split(
            [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> found = [root];
        for (int i = 0; i < parts.Length; i++)
        {
            string part = parts[i];
            bool last = i == parts.Length - 1;
            found = part.IndexOfAny(Signs) < 0
                ? found.Select(folder => Path.Combine(folder, part)).Where(path => last ? Path.Exists(path) : Directory.Exists(path))
                : found.SelectMany(folder => In(folder, part, last));
        }

        return found;
    }

    private static IEnumerable<string> In(string folder, string pattern, bool files)
    {
        var names = new FileSystemEnumerable<string>(
            folder.Length == 0 ? "." : folder, (ref FileSystemEntry entry) => entry.FileName.ToString(), Everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => (files || entry.IsDirectory)
                && FileSystemName.MatchesSimpleExpression(pattern, entry.FileName, ignoreCase: OperatingSystem.IsWindows()),
        };
        string[] sorted;
        try
        {
            sorted = [.. names.Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{folder}: {failure.Message}", "Check its permissions.");
        }

        return sorted.Select(name => Path.Combine(folder, name));
    }
}
