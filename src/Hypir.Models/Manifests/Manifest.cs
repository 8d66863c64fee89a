using System.Security.Cryptography;
using System.Text;

namespace Hypir.Models.Manifests;

/// <summary>The list of available models and their sources, which people can read, correct and extend.</summary>
public sealed record Manifest
{
    /// <summary>Address templates of hosts by name, with <c>{repository}</c>, <c>{revision}</c> and <c>{path}</c>.</summary>
    public required IReadOnlyDictionary<string, string> Hosts { get; init; }

    /// <summary>Licenses by short name.</summary>
    public required IReadOnlyDictionary<string, License> Licences { get; init; }

    /// <summary>The entries, in the order of the file.</summary>
    public required IReadOnlyList<ManifestEntry> Entries { get; init; }

    /// <summary>An empty manifest.</summary>
    public static Manifest Empty { get; } = new()
    {
        Hosts = new Dictionary<string, string>(),
        Licences = new Dictionary<string, License>(),
        Entries = [],
    };

    /// <summary>The program's own manifest.</summary>
    public static Manifest BuiltIn() => ManifestReader.Parse(YamlList.BuiltIn("manifest.yaml"), "manifest.yaml", Empty);

    /// <summary>The program's manifest extended by further files, whose entries override those of the same name.</summary>
    /// <param name="paths">Manifest files; a missing one counts as empty if <paramref name="optional"/> is set.</param>
    /// <param name="optional">Whether files may be missing.</param>
    /// <exception cref="StoreException">A file is missing or invalid.</exception>
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

    /// <summary>The entry with a name, or null.</summary>
    public ManifestEntry? Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name);

    /// <summary>The entry with a name and its bases, bases first.</summary>
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

/// <summary>An available item: a model, LoRA weights, or training weights.</summary>
public sealed record ManifestEntry
{
    /// <summary>Its name: lower-case letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its purpose.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>A one-line description.</summary>
    public required string Title { get; init; }

    /// <summary>Terms that must be accepted before downloading, or null.</summary>
    public License? Licence { get; init; }

    /// <summary>The entry that LoRA weights are for, or null.</summary>
    public string? Base { get; init; }

    /// <summary>Whether the hosts require users to sign in and agree to terms there.</summary>
    public bool Gated { get; init; }

    /// <summary>Its folder or file beside the program if it ships with it, or null.</summary>
    public string? BuiltIn { get; init; }

    /// <summary>Its files; empty if it is built in.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>Whether it is a single-pass network to download: these are whole models in one file.</summary>
    public bool IsSinglePass => Kind == EntryKind.Base && BuiltIn is null && Files.Count == 1;

    /// <summary>Total bytes, or null if a size is unknown.</summary>
    public long? Size => Files.Any(file => file.Size is null) ? null : Files.Sum(file => file.Size!.Value);
}

/// <summary>One file of an entry.</summary>
/// <param name="Path">Its path within the entry, with forward slashes.</param>
/// <param name="Size">Bytes, or null if unknown.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits, or null if unverified; then the first download sets the hash for later
/// ones.</param>
/// <param name="Sources">Its sources, in the order in which to try them. File addresses refer to local folders.</param>
public sealed record ManifestFile(string Path, long? Size, string? Sha256, IReadOnlyList<Uri> Sources);

/// <summary>The purpose of an entry.</summary>
public enum EntryKind
{
    /// <summary>A whole model, which users can choose directly.</summary>
    Base,

    /// <summary>LoRA weights, which users can choose together with their base.</summary>
    Lora,

    /// <summary>Weights that only training needs.</summary>
    Training,
}

/// <summary>The terms under which weights are distributed, in their own words.</summary>
/// <param name="Id">The short name that entries refer to.</param>
/// <param name="Name">The license's own name.</param>
/// <param name="Quote">The quoted terms; empty if only their address is known.</param>
/// <param name="Address">The address of the original text.</param>
public sealed record License(string Id, string Name, string Quote, string Address)
{
    /// <summary>The text to show and accept.</summary>
    public string Text => Quote.Length > 0 ? $"{Name}\n\n{Quote}\n\nSource: {Address}" : $"{Name}\n\nRead the terms at {Address}";

    /// <summary>SHA-256 of <see cref="Text"/> in UTF-8, in hexadecimal digits: identifies the accepted wording.</summary>
    public string TextSha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}

/// <summary>Converts a manifest's sources to addresses.</summary>
/// <param name="hosts">Address templates by host name.</param>
internal sealed class Sources(IReadOnlyDictionary<string, string> hosts)
{
    /// <summary>Whether a text is an address that can be downloaded from.</summary>
    public static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    /// <summary>The address of a file at a source, or null if the source is invalid.</summary>
    /// <param name="source">The manifest's source.</param>
    /// <param name="path">The file's path within its entry.</param>
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
