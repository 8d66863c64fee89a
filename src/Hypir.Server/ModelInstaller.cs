using System.Collections.Concurrent;
using Hypir.Models.Download;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Protocol.Messages;

namespace Hypir.Server;

/// <summary>Installs models for clients: licenses, downloads, and files that the user has chosen.</summary>
internal sealed class ModelInstaller(ModelResolver library, ModelCatalog catalogue) : IDisposable
{
    private readonly Downloader _downloader = new();

    /// <summary>The text of a license, for display.</summary>
    /// <exception cref="EngineException">There is no license of this name.</exception>
    public LicenseText Show(string id)
    {
        License license = Find(id);
        StoreIndex index = library.Store.Read();
        return new(
            license.Id, license.Name, license.Text, license.Address, license.TextSha256,
            Licenses.IsAccepted(index, license) ? index.Licences[id].Accepted : null);
    }

    /// <summary>Records that a license was shown and accepted.</summary>
    /// <exception cref="EngineException">There is no license of this name, or a different version of its text was shown.</exception>
    public Task AcceptAsync(string id, string sha256, CancellationToken cancellation)
    {
        License license = Find(id);
        return license.TextSha256 == sha256
            ? Licenses.AcceptAsync(library.Store, license, DateTimeOffset.UtcNow, cancellation)
            : throw new EngineException(
                EngineError.BadRequest, $"{license.Name}: this is not the current text of the license.",
                new("Show the license again: getLicence.", "sha256"));
    }

    /// <summary>Downloads a model and the models it builds on.</summary>
    /// <exception cref="EngineException">There is no model of this name, or a license must be accepted first.</exception>
    /// <exception cref="DownloadException">No source provides its files.</exception>
    public async Task<ModelEntry> DownloadAsync(string jobId, string model, Action<DownloadReport> report, CancellationToken cancellation)
    {
        Manifest manifest = library.Manifest;
        if (manifest.Find(model) is null)
            throw new EngineException(
                EngineError.UnknownModel,
                $"There is no downloadable model \"{model}\".",
                new("listModels names them.", "model")
            );
        var puller = new ModelPuller(library.Store, manifest, _downloader);
        if (puller.MissingLicences(model) is [var license, ..])
        {
            throw new EngineException(EngineError.LicenceNeeded, $"{license.Name}: this license has not been accepted on this machine.",
                new("Show it (getLicence), and accept it (acceptLicence) if the person does.", Licence: license.Id));
        }
        StoreIndex index = library.Store.Read();
        var wanted = manifest.WithBases(model).Where(entry => index.Entries.GetValueOrDefault(entry.Name) is not { Linked: true });
        await puller
            .PullAsync(model, null, new DownloadReporter(jobId, model, library.Store, wanted, report), cancellation)
            .ConfigureAwait(false);
        return catalogue.Describe(model);
    }

    /// <summary>Creates a model from files that the user has chosen.</summary>
    /// <exception cref="EngineException">The path is not a full path on a local disk.</exception>
    /// <exception cref="HypirException">The files cannot be used, or the name is taken.</exception>
    public async Task<ModelEntry> AddAsync(
        string jobId, AddModelRequest request, Action<DownloadReport> report, CancellationToken cancellation)
    {
        if (!IsLocal(request.Path))
        {
            throw new EngineException(EngineError.BadRequest, "A model can only be added from a full path on a disk of this machine.",
                new("Copy it to this machine first.", "path"));
        }
        // Devices and pipes have no length, and opening one could block forever.
        if (File.Exists(request.Path) && new FileInfo(request.Path).Length == 0)
            throw new EngineException(
                EngineError.BadModel, $"{request.Path} is empty or not a regular file.", new("Choose a file of weights.", "path"));
        var wish = new AddModelOptions
        {
            Name = request.Name,
            Base = request.Base,
            Copy = request.Copy,
            Defaults = new(request.ModelT, request.CoeffT, request.Tile, request.Stride),
        };
        var progress = new DownloadReporter(jobId, request.Name ?? Path.GetFileName(request.Path), library.Store, [], report);
        var (name, _, _) = await new ModelAdder(library.Store, library.Manifest, ModelResolver.ProgramFolder, _downloader)
            .AddAsync(request.Path, wish, progress, cancellation).ConfigureAwait(false);
        return catalogue.Describe(name);
    }

    /// <inheritdoc/>
    public void Dispose() => _downloader.Dispose();

    /// <summary>
    /// Rejects network and device paths: opening a network path on Windows would send the user's credentials to the named server.
    /// </summary>
    private static bool IsLocal(string path) =>
        Path.IsPathFullyQualified(path)
        && !path.Contains('\0', StringComparison.Ordinal)
        && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.StartsWith(@"\\", StringComparison.Ordinal);

    private License Find(string id) =>
        library.Manifest.Licences.GetValueOrDefault(id)
        ?? throw new EngineException(
            EngineError.BadRequest, $"There is no license \"{id}\".", new("listModels names the licenses of each model.", "licence"));
}

/// <summary>Combines the progress of single files into that of a whole model.</summary>
internal sealed class DownloadReporter : IProgress<DownloadProgress>
{
    private readonly string _jobId;
    private readonly string _model;
    private readonly string _folder;
    private readonly Action<DownloadReport> _report;
    private readonly ConcurrentDictionary<string, (long Received, long? Total)> _files = new();

    /// <summary>Starts reporting.</summary>
    /// <param name="jobId">The client's name for the download.</param>
    /// <param name="model">The model.</param>
    /// <param name="store">The store; its location is omitted from the reports.</param>
    /// <param name="entries">The files to download; unknown sizes are taken from the server.</param>
    /// <param name="report">Receives the reports.</param>
    public DownloadReporter(string jobId, string model, ModelStore store, IEnumerable<ManifestEntry> entries, Action<DownloadReport> report)
        : this(jobId, model, store.Folder, report)
    {
        foreach (ManifestEntry entry in entries)
            foreach (ManifestFile file in entry.Files)
                _files[Path.GetFullPath(Path.Combine(store.FolderOf(entry.Name), file.Path))] = (0, file.Size);
    }

    /// <summary>Starts reporting on files that become known only as they arrive.</summary>
    /// <param name="jobId">The client's name for the download.</param>
    /// <param name="model">The name that stands for the model.</param>
    /// <param name="folder">The target folder; its location is omitted from the reports.</param>
    /// <param name="report">Receives the reports.</param>
    public DownloadReporter(string jobId, string model, string folder, Action<DownloadReport> report) =>
        (_jobId, _model, _folder, _report) = (jobId, model, folder, report);

    /// <inheritdoc/>
    public void Report(DownloadProgress value)
    {
        _files[value.Target] = (value.Received, value.Total ?? _files.GetValueOrDefault(value.Target).Total);
        long here = _files.Values.Sum(file => file.Received);
        long? total = _files.Values.All(file => file.Total is not null) ? _files.Values.Sum(file => file.Total) : null;
        double? left = total is not null && value.BytesPerSecond > 0 ? Math.Max(0, total.Value - here) / value.BytesPerSecond : null;
        _report(
            new(
                _jobId, _model, Path.GetRelativePath(_folder, value.Target).Replace('\\', '/'), (DownloadStep)value.Stage, here, total,
                value.BytesPerSecond, left, value.Source, value.Wait?.TotalSeconds, value.Trouble)
        );
    }
}
