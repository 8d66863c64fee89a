using System.Security.Cryptography;
using System.Text;

namespace Hypir.Core.Files;

/// <summary>
/// Files that are written beside their target and renamed. Their names say by a digest whose they are (and stay short where the target's is long), so
/// that what killed processes left is told from what other processes write in the same folder at this moment.
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
