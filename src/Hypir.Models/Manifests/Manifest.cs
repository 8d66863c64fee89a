using System.Security.Cryptography;
using System.Text;

namespace Hypir.Models.Manifests;

/// <summary>What can be had and where: data that a person can read, correct and add to.</summary>
public sealed record Manifest
{
    /// <summary>Addresses of hosts by name, with <c>{repository}</c>, <c>{revision}</c> and <c>{path}</c> in them.</summary>
    public required IReadOnlyDictionary<string, string> Hosts { get; init; }

    /// <summary>Licenses by short name.</summary>
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
        var entry = Find(name)
            ?? throw new StoreException(
                $"There is no model \"{name}\" in the list.",
                $"`hypir models list` shows them: {string.Join(", ", Entries.Select(e => e.Name))}.");
        return entry.Base is null ? [entry] : [.. WithBases(entry.Base), entry];
    }
}

/// <summary>Something that can be had: a model, LoRA weights, or weights for training.</summary>
public sealed record ManifestEntry
{
    /// <summary>The name by which people ask for it: lower-case letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is good for.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>Terms that must be accepted first, or null.</summary>
    public License? Licence { get; init; }

    /// <summary>The entry that LoRA weights are for, or null.</summary>
    public string? Base { get; init; }

    /// <summary>Whether the hosts let only people in who have signed in and agreed there.</summary>
    public bool Gated { get; init; }

    /// <summary>Folder beside the program where the entry already is, or null.</summary>
    public string? BuiltIn { get; init; }

    /// <summary>Its files; none for what is built in.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>Bytes in all, or null where a size is not known.</summary>
    public long? Size => Files.Any(file => file.Size is null) ? null : Files.Sum(file => file.Size!.Value);
}

/// <summary>One file of an entry.</summary>
/// <param name="Path">Its place within the entry, with forward slashes.</param>
/// <param name="Size">Bytes, or null where it is not known.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits, or null where it is unverified: then the first download is what later ones are held to.</param>
/// <param name="Sources">Where it can be had, in the order in which they are tried. File addresses stand for folders on this machine.</param>
public sealed record ManifestFile(string Path, long? Size, string? Sha256, IReadOnlyList<Uri> Sources);

/// <summary>What an entry is good for.</summary>
public enum EntryKind
{
    /// <summary>A whole model: it can be chosen as it is.</summary>
    Base,

    /// <summary>LoRA weights on a base: together they can be chosen.</summary>
    Lora,

    /// <summary>Weights that only training needs.</summary>
    Training,
}

/// <summary>The terms under which weights are given away, in their own words.</summary>
/// <param name="Id">Short name, by which entries refer to it.</param>
/// <param name="Name">The license's own name.</param>
/// <param name="Quote">The terms, quoted; empty where only their address is known.</param>
/// <param name="Address">Where the text itself is to be read.</param>
public sealed record License(string Id, string Name, string Quote, string Address)
{
    /// <summary>What is shown, and what is accepted.</summary>
    public string Text => Quote.Length > 0 ? $"{Name}\n\n{Quote}\n\nSource: {Address}" : $"{Name}\n\nRead the terms at {Address}";

    /// <summary>SHA-256 of <see cref="Text"/> in UTF-8, in hexadecimal digits: says which wording was accepted.</summary>
    public string TextSha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}

/// <summary>Turns what a manifest says of a source into an address.</summary>
/// <param name="hosts">Address templates by the hosts' names.</param>
internal sealed class Sources(IReadOnlyDictionary<string, string> hosts)
{
    /// <summary>Whether a text is an address that can be downloaded from.</summary>
    public static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    /// <summary>The address of a file at a source, or null where the source is not described as one is.</summary>
    /// <param name="source">What the manifest says.</param>
    /// <param name="path">The file's place within its entry.</param>
    public Uri? Resolve(SourceYaml source, string path) =>
        source switch
        {
            { Host: { } host, Repository: { } repository, Revision: { } revision, Url: null, Folder: null } => hosts.TryGetValue(
                host, out string? template)
                ? new Uri(
                    template
                        .Replace("{repository}", repository, StringComparison.Ordinal)
                        .Replace("{revision}", revision, StringComparison.Ordinal)
                        .Replace("{path}", path, StringComparison.Ordinal)
                )
                : null,
            { Url: { } url, Host: null, Repository: null, Revision: null, Folder: null } => IsAddress(url)
                ? new Uri(url.Replace("{path}", path, StringComparison.Ordinal))
                : null,
            { Folder: { } folder, Host: null, Repository: null, Revision: null, Url: null } => Path.IsPathFullyQualified(folder)
                ? new Uri(Path.Combine(folder, path))
                : null,
            _ => null,
        };
}
