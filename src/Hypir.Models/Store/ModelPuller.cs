using Hypir.Models.Download;
using Hypir.Models.Manifests;

namespace Hypir.Models.Store;

/// <summary>Downloads manifest entries into the store, including their bases.</summary>
/// <param name="store">The store.</param>
/// <param name="manifest">The available models.</param>
/// <param name="downloader">Downloads the files.</param>
public sealed class ModelPuller(ModelStore store, Manifest manifest, Downloader downloader)
{
    /// <summary>The licenses to accept before an entry can be downloaded.</summary>
    /// <param name="name">The entry.</param>
    /// <exception cref="StoreException">There is no such entry.</exception>
    public IReadOnlyList<License> MissingLicences(string name)
    {
        var index = store.Read();
        return
        [
            .. manifest
                .WithBases(name)
                .Where(entry => entry.BuiltIn is null)
                .Select(entry => entry.Licence)
                .OfType<License>()
                .Distinct()
                .Where(license => !Licenses.IsAccepted(index, license)),
        ];
    }

    /// <summary>Downloads an entry and its bases. Existing files are checked and kept.</summary>
    /// <param name="name">The entry.</param>
    /// <param name="from">An address or a folder to try before the manifest's sources, for the named entry only; or null.</param>
    /// <param name="progress">Receives progress reports for each file.</param>
    /// <param name="cancellation">Cancels the download; received bytes are kept.</param>
    /// <exception cref="StoreException">There is no such entry, or a license has not been accepted.</exception>
    /// <exception cref="DownloadException">A file cannot be downloaded.</exception>
    public async Task PullAsync(string name, string? from, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var entries = manifest.WithBases(name);
        if (MissingLicences(name) is [var license, ..])
            throw new StoreException(
                $"{license.Name}: this license has not been accepted on this machine.",
                $"`hypir models license {name}` shows it; --accept-license accepts it.");
        RequireSomeOf(entries[^1], from);
        foreach (var entry in entries.Where(entry => entry.BuiltIn is null && !IsLinked(entry.Name)))
            await PullAsync(entry, entry.Name == name ? from : null, progress, cancellation).ConfigureAwait(false);
    }

    /// <summary>Whether the user linked a model of their own under this name, which must not be replaced.</summary>
    private bool IsLinked(string name) => store.Read().Entries.GetValueOrDefault(name) is { Linked: true };

    private async Task PullAsync(ManifestEntry entry, string? from, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string folder = store.FolderOf(entry.Name);
        var before = store.Read().Entries.GetValueOrDefault(entry.Name);
        List<StoredFile> files = [];
        RequireSpace(entry, folder);
        foreach (var file in entry.Files)
        {
            var pinned = before?.Files.FirstOrDefault(other => other.Path == file.Path);
            var request = new DownloadRequest(
                Path.Combine(folder, file.Path), Sources(file, from), file.Size, file.Sha256 ?? pinned?.Sha256);
            var result = await downloader.DownloadAsync(request, progress, cancellation).ConfigureAwait(false);
            files.Add(
                new StoredFile(
                    file.Path, result.Size, result.Sha256, result.Source?.ToString() ?? pinned?.Source, Pinned: file.Sha256 is null)
            );
        }

        await store.UpdateAsync(index => index.Entries[entry.Name] = new StoredEntry
        {
            Kind = entry.Kind,
            Title = entry.Title,
            Path = entry.Name,
            Base = entry.Base,
            Licence = entry.Licence?.Id,
            Defaults = before?.Defaults ?? new ModelDefaults(),
            Files = files,
            Added = before?.Added ?? DateTimeOffset.UtcNow,
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Checks space for the whole entry in advance, rather than fail after three of four gigabytes.</summary>
    private static void RequireSpace(ManifestEntry entry, string folder)
    {
        Directory.CreateDirectory(folder);
        long missing = entry.Files.Sum(file =>
        {
            string path = Path.Combine(folder, file.Path);
            var there = File.Exists(path) ? new FileInfo(path) : new FileInfo(PartFile.PathOf(path));
            return Math.Max(0, (file.Size ?? 0) - (there.Exists ? there.Length : 0));
        });
        DiskSpace.Require(Path.Combine(folder, entry.Name), missing);
    }

    /// <summary>A folder without any of the files is a mistake, and not a wish to download them.</summary>
    private static void RequireSomeOf(ManifestEntry entry, string? from)
    {
        if (from is null || Manifests.Sources.IsAddress(from) || !Directory.Exists(from) || entry.Files.Count == 0
            || entry.Files.Any(file => File.Exists(Path.Combine(from, file.Path))))
            return;
        string names = string.Join(", ", entry.Files.Take(3).Select(file => file.Path)) + (entry.Files.Count > 3 ? ", …" : "");
        throw new StoreException(
            $"{from} has none of the files of {entry.Name} ({names}).",
            "Name the folder that they lie in, or leave --from out to download them.");
    }

    private static IReadOnlyList<Uri> Sources(ManifestFile file, string? from)
    {
        if (from is null)
            return file.Sources;
        if (Manifests.Sources.IsAddress(from))
            return [new Uri($"{from.TrimEnd('/')}/{file.Path}"), .. file.Sources];
        string folder = Path.GetFullPath(from);
        if (!Directory.Exists(folder))
            throw new StoreException(
                $"{from} is neither an address (http, https) nor a folder.", "Name the folder or address that the files lie in.");
        return [new Uri(Path.Combine(folder, file.Path)), .. file.Sources];
    }
}

/// <summary>A record that a license was shown and accepted.</summary>
/// <param name="Accepted">When, in UTC.</param>
/// <param name="TextSha256">Hash of the accepted text: a changed text must be accepted again.</param>
public sealed record Acceptance(DateTimeOffset Accepted, string TextSha256);
