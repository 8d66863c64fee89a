using Hypir.Models;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Networks.Checkpoints.Ncnn;
using Hypir.Protocol.Messages;

namespace Hypir.Server;

/// <summary>
/// The models that requests can name: those in the user's store and those shipped with the program. Names are looked up and never used as
/// paths.
/// </summary>
/// <param name="home">The folders to search.</param>
internal sealed class ModelResolver(ModelHome home)
{
    private readonly string _ownManifest = home.Manifest;
    private readonly Lock _lock = new();
    private (string Stamp, Manifest Manifest)? _read;

    /// <summary>The store.</summary>
    public ModelStore Store { get; } = new(home.Models);

    /// <summary>The available models; the user's own list is reread when it changes.</summary>
    /// <exception cref="StoreException">The user's own list is invalid.</exception>
    public Manifest Manifest
    {
        get
        {
            lock (_lock)
            {
                string stamp = File.Exists(_ownManifest) ? FileStamp.Of(_ownManifest) : "";
                if (_read?.Stamp != stamp)
                    _read = (stamp, Manifest.Load([_ownManifest], optional: true));
                return _read.Value.Manifest;
            }
        }
    }

    /// <summary>The folder of the built-in models.</summary>
    public static string ProgramFolder => AppContext.BaseDirectory;

    /// <summary>Resolves the model of a request: a base, optional LoRA weights, and defaults.</summary>
    /// <exception cref="EngineException">There is no model of this name, or it is incomplete.</exception>
    public ResolvedModel Choose(RestoreRequest request)
    {
        ResolvedModel model = Find(request.Model)
            ?? throw Unknown($"There is no model \"{request.Model}\".", "Choose another model: listModels names them.", "model");
        return request.Lora is null ? model : model with { Lora = LoraOf(request.Lora) };
    }

    /// <summary>The model of a name, or null if there is none.</summary>
    /// <exception cref="EngineException">The model is known but incomplete.</exception>
    public ResolvedModel? Find(string name)
    {
        try
        {
            return Store.Find(name, Manifest, ProgramFolder);
        }
        catch (StoreException failure)
        {
            throw Unknown(failure.Message, failure.Remedy, "model", failure);
        }
    }

    /// <summary>The entry of LoRA weights.</summary>
    private string LoraOf(string name) => Store.Read().Entries.TryGetValue(name, out StoredEntry? entry) && entry.Kind == EntryKind.Lora
        ? Store.PathOf(entry, entry.Files[0])
        : throw Unknown($"There are no LoRA weights \"{name}\".", "Add them first (`hypir models add FILE`), or choose others.", "lora");

    private static EngineException Unknown(string message, string? remedy, string option, HypirException? cause = null) =>
        new(EngineError.UnknownModel, message, new(remedy, option), cause);
}

/// <summary>Detects changes to a model's files by their names, sizes, and times.</summary>
internal static class FileStamp
{
    /// <summary>The stamp of a file or of all files in a folder.</summary>
    public static string Of(string path)
    {
        IEnumerable<FileInfo> files = File.Exists(path)
            ? NcnnFile.FilesOf(path).Where(File.Exists).Select(file => new FileInfo(file))
            : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories);
        return string.Join(
            '\n',
            files
                .OrderBy(file => file.FullName, StringComparer.Ordinal)
                .Select(file => $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}")
        );
    }
}
