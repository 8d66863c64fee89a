namespace Hypir.Testing;

/// <summary>
/// The folder of reference numbers: <c>tests/goldens</c>, or the folder that the environment variable HYPIR_GOLDENS names (same layout,
/// other numbers).
/// </summary>
public static class Goldens
{
    /// <summary>The folder in use.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("HYPIR_GOLDENS") is { Length: > 0 } folder
        ? System.IO.Path.GetFullPath(folder)
        : System.IO.Path.Combine(Repository.Root, "tests", "goldens");

    /// <summary>A file or folder below <see cref="Root"/>.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>A file or folder that a test needs: the test is skipped, by name, where this set of goldens lacks it.</summary>
    public static string Require(params string[] parts)
    {
        string path = Path(parts);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Inconclusive($"This set of goldens has no {string.Join('/', parts)}.");
        return path;
    }

    /// <summary>
    /// The files of a folder of cases, in ordinal order. Skipped by name where the folder is absent; a folder without a case fails.
    /// </summary>
    public static IReadOnlyList<string> Cases(string pattern, params string[] folder)
    {
        string path = Require(folder);
        string[] files = Directory.GetFiles(path, pattern);
        Array.Sort(files, StringComparer.Ordinal);
        Assert.AreNotEqual(0, files.Length, $"{path} has no {pattern}: no case would run.");
        return files;
    }
}
