namespace Hypir.Networks.Libraries;

/// <summary>Finds the libraries that a program for Windows needs and does not come with.</summary>
/// <param name="folders">The folders that libraries are loaded from; names are compared without case.</param>
/// <param name="isProvided">Whether the system provides a library that is in none of the folders.</param>
public sealed class MissingImports(IReadOnlyList<string> folders, Func<string, bool> isProvided)
{
    private readonly Dictionary<string, string> _shipped = folders.Reverse().Where(Directory.Exists).SelectMany(Directory.GetFiles)
        .GroupBy(path => Path.GetFileName(path), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(files => files.Key, files => files.Last(), StringComparer.OrdinalIgnoreCase);

    /// <summary>What is missing for a file and everything that it needs in turn, each library once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="delayed">Whether libraries that are loaded on first use count, too.</param>
    /// <exception cref="BadImageFormatException">A library is damaged.</exception>
    public IReadOnlyList<MissingImport> Of(string path, bool delayed = false)
    {
        List<MissingImport> missing = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        var waiting = new Queue<string>([path]);
        while (waiting.TryDequeue(out string? file))
        {
            ImportTable table = ImportTable.Read(file);
            foreach (string name in (delayed ? table.All : table.Needed).Where(seen.Add))
            {
                if (_shipped.TryGetValue(name, out string? shipped))
                    waiting.Enqueue(shipped);
                else if (!isProvided(name))
                    missing.Add(new(name, Path.GetFileName(file)));
            }
        }

        return missing;
    }
}
