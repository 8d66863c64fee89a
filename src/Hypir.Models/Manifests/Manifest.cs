namespace Hypir.Models.Manifests;

/// <summary>What can be had and where: data that a person can read, correct and add to.</summary>
public sealed record Manifest
{
    /// <summary>Addresses of hosts by name, with <c>{repository}</c>, <c>{revision}</c> and <c>{path}</c> in them.</summary>
    public required IReadOnlyDictionary<string, string> Hosts { get; init; }

    /// <summary>Licences by short name.</summary>
    public required IReadOnlyDictionary<string, License> Licences { get; init; }

    /// <summary>The entries, in the order of the file.</summary>
    public required IReadOnlyList<ManifestEntry> Entries { get; init; }

    /// <summary>A manifest of nothing.</summary>
    public static Manifest Empty { get; } = new()
    {
        Hosts = new Dictionary<string, string>(),
        Licences = new Dictionary<string, License>(),
        Entries = [],
    };

    /// <summary>The manifest that belongs to the program.</summary>
    public static Manifest BuiltIn() => ManifestReader.Parse(YamlList.BuiltIn("manifest.yaml"), "manifest.yaml", Empty);

    /// <summary>The program's manifest with the entries of further files, which stand for those of the same name.</summary>
    /// <param name="paths">Manifest files; one that is not there counts as empty if <paramref name="optional"/> says so.</param>
    /// <param name="optional">Whether files may be missing.</param>
    /// <exception cref="StoreException">A file is missing or not in order.</exception>
    public static Manifest Load(IEnumerable<string> paths, bool optional)
    {
        var manifest = BuiltIn();
        foreach (string path in paths)
        {
            if (!optional || File.Exists(path))
                manifest = ManifestReader.Read(path, manifest);
        }

        return manifest;
    }

    /// <summary>The entry of a name, or null.</summary>
    public ManifestEntry? Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name);

    /// <summary>The entry of a name and what it builds on, bases first.</summary>
    /// <exception cref="StoreException">There is no such entry.</exception>
    public IReadOnlyList<ManifestEntry> WithBases(string name)
    {
        var entry = Find(name) ?? throw new StoreException($"There is no model \"{name}\" in the list.", $"`hypir models list` shows them: {string.Join(", ", Entries.Select(e => e.Name))}.");
        return entry.Base is null ? [entry] : [.. WithBases(entry.Base), entry];
    }
}
