using System.Globalization;
using System.Text.RegularExpressions;
using Hypir.Core.Files;

namespace Hypir.Models.Manifests;

/// <summary>Reads manifest files: YAML with a fixed set of keys, and every value is checked. docs/models.md describes the format.</summary>
public static partial class ManifestReader
{
    private const int Format = 1;

    /// <summary>The keyword for an unverified size or hash.</summary>
    public const string Unverified = "unverified";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="beneath">The manifest to extend: its hosts and licenses can be referred to, and its entries are overridden by those of
    /// the same name.</param>
    /// <exception cref="StoreException">It does not exist or is invalid.</exception>
    public static Manifest Read(string path, Manifest beneath)
    {
        try
        {
            return Parse(File.ReadAllText(RegularFile.Require(path)), path, beneath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path}: the manifest cannot be read: {e.Message}", "Check the path and its permissions.", e);
        }
    }

    /// <summary>Parses a manifest.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="beneath">The manifest to extend.</param>
    /// <exception cref="StoreException">It is invalid.</exception>
    public static Manifest Parse(string yaml, string path, Manifest beneath)
    {
        var file = YamlList.Parse<ManifestYaml>(yaml, path, "docs/models.md");
        if (file.Format != Format)
            throw new StoreException(
                $"{path}: this manifest is of format {file.Format}; this program reads format {Format}.",
                "Begin the file with \"format: 1\".");
        var hosts = Merge(
            beneath.Hosts,
            file.Hosts.Select(host =>
                Sources.IsAddress(host.Value) ? host : throw Wrong(path, $"host {host.Key}", "its address is not one")
            )
        );
        var licenses = Merge(
            beneath.Licences, file.Licences.Select(pair => KeyValuePair.Create(pair.Key, ReadLicence(pair.Key, pair.Value, path))));
        ManifestEntry[] read = [.. file.Entries.Select(entry => ReadEntry(entry, path, new Sources(hosts), licenses))];
        if (read.GroupBy(entry => entry.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Wrong(path, $"entry {twice.Key}", "it appears twice");
        var names = read.Select(entry => entry.Name).ToHashSet();
        ManifestEntry[] all = [.. beneath.Entries.Where(entry => !names.Contains(entry.Name)), .. read];
        foreach (var entry in read)
        {
            // A base must not itself be a LoRA, which rules out chains and cycles.
            if (entry.Base is not null && all.FirstOrDefault(other => other.Name == entry.Base)?.Kind != EntryKind.Base)
                throw Wrong(path, $"entry {entry.Name}", $"its base {entry.Base} is not an entry of kind base");
        }

        return new Manifest { Hosts = hosts, Licences = licenses, Entries = all };
    }

    /// <summary>Whether a name is valid for an entry: it becomes a folder name on every system.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name) && !ReservedPattern().IsMatch(name);

    private static ManifestEntry ReadEntry(EntryYaml entry, string path, Sources sources, Dictionary<string, License> licenses)
    {
        if (entry.Name is not { } name || !IsName(name))
            throw Wrong(path, $"entry {entry.Name}", "its name is not lower-case letters, digits, '.', '_' and '-'");
        string where = $"entry {name}";
        if (name == Defaults.AutomaticModel)
            throw Wrong(path, where, "its name stands for the automatic choice of a model");
        if (!Enum.TryParse(entry.Kind, ignoreCase: true, out EntryKind kind) || !Enum.IsDefined(kind))
            throw Wrong(path, where, $"its kind is {entry.Kind ?? "missing"}, not base, lora or training");
        if ((kind == EntryKind.Lora) != (entry.Base is not null))
            throw Wrong(path, where, "an entry of kind lora has a base, and no other has");
        License? license = null;
        if (entry.Licence is { } id && !licenses.TryGetValue(id, out license))
            throw Wrong(path, where, $"there is no license {id}");
        ManifestFile[] files =
        [
            .. entry.Files.Select(file =>
                ReadFile(file, file.Sources.Count > 0 ? file.Sources : entry.Sources, path, $"entry {name}, file {file.Path}", sources)
            ),
        ];
        if (files.GroupBy(file => file.Path, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Wrong(path, where, $"its file {twice.Key} appears twice");
        if (files.Length == 0 && entry.BuiltIn is null)
            throw Wrong(path, where, "it has no files");
        return new ManifestEntry
        {
            Name = name,
            Kind = kind,
            Title = entry.Title ?? name,
            Licence = license,
            Base = entry.Base,
            Gated = entry.Gated,
            BuiltIn = entry.BuiltIn,
            Files = files,
        };
    }

    /// <summary>Reads a file's description.</summary>
    /// <param name="file">The description.</param>
    /// <param name="from">Its sources.</param>
    /// <param name="path">The list's name, for messages.</param>
    /// <param name="where">The file's place in the list, for messages.</param>
    /// <param name="sources">Converts sources to addresses.</param>
    /// <exception cref="StoreException">It is invalid.</exception>
    internal static ManifestFile ReadFile(FileYaml file, IReadOnlyList<SourceYaml> from, string path, string where, Sources sources)
    {
        if (file.Path is not { } place || !IsPlace(place))
            throw Wrong(path, where, "its path is not one within the entry, with forward slashes");
        long size = 0;
        if (
            file.Size is not (null or Unverified)
            && !(
                long.TryParse(
                    file.Size.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out size)
                && size > 0
            )
        )
            throw Wrong(path, where, $"its size is {file.Size}, neither a number of bytes nor \"{Unverified}\"");
        if (file.Sha256 is not (null or Unverified) && !HashPattern().IsMatch(file.Sha256))
            throw Wrong(path, where, $"its sha256 is neither 64 hexadecimal digits nor \"{Unverified}\"");
        return new ManifestFile(
            place,
            size > 0 ? size : null,
            file.Sha256 is null or Unverified ? null : file.Sha256.ToLowerInvariant(),
            [
                .. from.Select(source =>
                    sources.Resolve(source, place)
                    ?? throw Wrong(path, where, "a source is neither {host, repository, revision} nor {url} nor {folder}")
                ),
            ]
        );
    }

    private static License ReadLicence(string id, LicenseYaml license, string path) =>
        license is { Name: { } name, Address: { } address }
            ? new License(
                id,
                name,
                (
                    license.QuoteFile is { } file
                        ? YamlList.Find(file) ?? throw Wrong(path, $"license {id}", $"{file} is not a file of the program")
                        : license.Quote ?? license.Summary ?? ""
                ).Trim(),
                address
            )
            : throw Wrong(path, $"license {id}", "it needs name and address");

    /// <summary>Whether a path stays inside the folder to which it is appended, on every system.</summary>
    private static bool IsPlace(string path) =>
        path.Split('/').All(part => PartPattern().IsMatch(part) && !ReservedPattern().IsMatch(part));

    private static Dictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T> beneath, IEnumerable<KeyValuePair<string, T>> above)
    {
        var merged = new Dictionary<string, T>(beneath);
        foreach (var (key, value) in above)
            merged[key] = value;
        return merged;
    }

    private static StoreException Wrong(string path, string where, string what) =>
        new($"{path}: {where}: {what}.", "docs/models.md describes the format.");

    [GeneratedRegex(@"^[a-z0-9_][a-z0-9._-]{0,63}\z(?<![.])")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,127}\z(?<![.])")]
    private static partial Regex PartPattern();

    // Reserved device names in Windows, with or without an extension.
    [GeneratedRegex(@"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", RegexOptions.IgnoreCase)]
    private static partial Regex ReservedPattern();

    [GeneratedRegex(@"^[0-9A-Fa-f]{64}\z")]
    private static partial Regex HashPattern();
}
