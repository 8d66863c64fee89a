namespace Hypir.Models.Manifests;

/// <summary>Turns what a manifest says of a source into an address.</summary>
/// <param name="hosts">Address templates by the hosts' names.</param>
internal sealed class Sources(IReadOnlyDictionary<string, string> hosts)
{
    /// <summary>Whether a text is an address that can be downloaded from.</summary>
    public static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    /// <summary>The address of a file at a source, or null where the source is not described as one is.</summary>
    /// <param name="source">What the manifest says.</param>
    /// <param name="path">The file's place within its entry.</param>
    public Uri? Resolve(SourceYaml source, string path) => source switch
    {
        { Host: { } host, Repository: { } repository, Revision: { } revision, Url: null, Folder: null } => hosts.TryGetValue(host, out string? template)
            ? new Uri(template.Replace("{repository}", repository, StringComparison.Ordinal).Replace("{revision}", revision, StringComparison.Ordinal).Replace("{path}", path, StringComparison.Ordinal))
            : null,
        { Url: { } url, Host: null, Repository: null, Revision: null, Folder: null } => IsAddress(url) ? new Uri(url.Replace("{path}", path, StringComparison.Ordinal)) : null,
        { Folder: { } folder, Host: null, Repository: null, Revision: null, Url: null } => Path.IsPathFullyQualified(folder) ? new Uri(Path.Combine(folder, path)) : null,
        _ => null,
    };
}
