using Hypir.Models.Download;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Protocol.Messages;

namespace Hypir.Server;

/// <summary>Brings models onto the machine for clients: licences, downloads, files that a person has chosen.</summary>
internal sealed class ModelInstaller(ModelResolver library, ModelCatalog catalogue) : IDisposable
{
    private readonly Downloader _downloader = new();

    /// <summary>A licence, to be shown.</summary>
    /// <exception cref="EngineException">There is none of this name.</exception>
    public LicenseText Show(string id)
    {
        License licence = Find(id);
        StoreIndex index = library.Store.Read();
        return new(licence.Id, licence.Name, licence.Text, licence.Address, licence.TextSha256, Licenses.IsAccepted(index, licence) ? index.Licences[id].Accepted : null);
    }

    /// <summary>Remembers that a licence was shown and accepted.</summary>
    /// <exception cref="EngineException">There is none of this name, or another wording was shown.</exception>
    public Task AcceptAsync(string id, string sha256, CancellationToken cancellation)
    {
        License licence = Find(id);
        return licence.TextSha256 == sha256 ? Licenses.AcceptAsync(library.Store, licence, DateTimeOffset.UtcNow, cancellation)
            : throw new EngineException(EngineError.BadRequest, $"{licence.Name}: this is not the wording that is in force here.", new("Show the licence again: getLicence.", "sha256"));
    }

    /// <summary>Downloads a model and what it builds on.</summary>
    /// <exception cref="EngineException">There is none of this name, or a licence is to be accepted first.</exception>
    /// <exception cref="DownloadException">No source gives its files.</exception>
    public async Task<ModelEntry> DownloadAsync(string jobId, string model, Action<DownloadReport> report, CancellationToken cancellation)
    {
        Manifest manifest = library.Manifest;
        if (manifest.Find(model) is null)
            throw new EngineException(EngineError.UnknownModel, $"There is no model \"{model}\" that could be downloaded.", new("listModels names them.", "model"));
        var puller = new ModelPuller(library.Store, manifest, _downloader);
        if (puller.MissingLicences(model) is [var licence, ..])
        {
            throw new EngineException(EngineError.LicenceNeeded, $"{licence.Name}: this licence has not been accepted on this machine.",
                new("Show it (getLicence), and accept it (acceptLicence) if the person does.", Licence: licence.Id));
        }
        StoreIndex index = library.Store.Read();
        var wanted = manifest.WithBases(model).Where(entry => index.Entries.GetValueOrDefault(entry.Name) is not { Linked: true });
        await puller.PullAsync(model, null, new DownloadReporter(jobId, model, library.Store, wanted, report), cancellation).ConfigureAwait(false);
        return catalogue.Describe(model);
    }

    /// <summary>Makes a model of files that the person has chosen.</summary>
    /// <exception cref="EngineException">The path is none on a disk of this machine.</exception>
    /// <exception cref="HypirException">The files cannot be used, or the name is taken.</exception>
    public async Task<ModelEntry> AddAsync(string jobId, AddModelRequest request, Action<DownloadReport> report, CancellationToken cancellation)
    {
        if (!IsLocal(request.Path))
        {
            throw new EngineException(EngineError.BadRequest, "A model is added from a whole path on a disk of this machine.",
                new("Copy it to this machine first.", "path"));
        }
        // Devices and pipes have no length; opening one could take forever.
        if (File.Exists(request.Path) && new FileInfo(request.Path).Length == 0)
            throw new EngineException(EngineError.BadModel, $"{request.Path} is empty or no file.", new("Choose a file of weights.", "path"));
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
    /// No address of another machine and no device: opening such a path on Windows would send the person's credentials to whoever is named in it.
    /// </summary>
    private static bool IsLocal(string path) =>
        Path.IsPathFullyQualified(path) && !path.Contains('\0', StringComparison.Ordinal) && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith(@"\\", StringComparison.Ordinal);

    private License Find(string id) => library.Manifest.Licences.GetValueOrDefault(id)
        ?? throw new EngineException(EngineError.BadRequest, $"There is no licence \"{id}\".", new("listModels names the licences of each model.", "licence"));
}
