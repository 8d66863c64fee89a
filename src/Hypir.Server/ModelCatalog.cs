using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Planning;
using Hypir.Protocol.Messages;
using Hypir.Restoration.Pipeline;

namespace Hypir.Server;

/// <summary>Describes installed and available models to clients.</summary>
internal sealed class ModelCatalog(ModelResolver library)
{
    /// <summary>
    /// All models for restoring, installed or downloadable, the automatic choice and the built-in ones first. Weights for training are
    /// omitted. Single-pass networks that are not installed are apart: a dozen of them would bury the few others.
    /// </summary>
    public ModelList List()
    {
        StoreIndex index = library.Store.Read();
        Manifest manifest = library.Manifest;
        var own = index.Entries.Where(pair => manifest.Find(pair.Key) is null).Select(pair => (pair.Key, pair.Value.Kind));
        bool IsApart(ManifestEntry entry) => entry.IsSinglePass && !index.Entries.ContainsKey(entry.Name);
        var names = manifest
            .Entries.Where(entry => !IsApart(entry))
            .Select(entry => (entry.Name, entry.Kind))
            .Concat(own)
            .Where(entry => entry.Kind != EntryKind.Training)
            .Select(entry => entry.Item1);
        ModelEntry[] models = [.. names.Select(name => Describe(name, index))];
        return new(
            [.. Automatic(models), .. models],
            [.. index.Entries.Where(pair => pair.Value.Kind == EntryKind.Lora).Select(pair => pair.Key)])
        {
            Networks = [.. manifest.Entries.Where(IsApart).Select(entry => Describe(entry.Name, index))],
        };
    }

    /// <summary>A model from the store or the manifest.</summary>
    public ModelEntry Describe(string name) => Describe(name, library.Store.Read());

    private ModelEntry Describe(string name, StoreIndex index)
    {
        StoredEntry? here = index.Entries.GetValueOrDefault(name);
        ManifestEntry? known = library.Manifest.Find(name);
        var entry = new ModelEntry
        {
            Name = name,
            // Titles of user-supplied files are detected and may repeat, so the name is added to tell them apart.
            Title = known?.Title is { } title ? here?.Title ?? title : $"{name} ({here!.Title})",
            Base = here?.Base ?? known?.Base,
            UnverifiedFiles = here is null ? known!.Files.Count(file => file.Sha256 is null) : 0,
            Licences = known is null
                ? []
                : [.. LicencesOf(known).Select(license => new ModelLicense(license.Id, license.Name, Licenses.IsAccepted(index, license)))],
        };
        return here is null && known!.BuiltIn is null ? Missing(entry, index) : Present(entry);
    }

    /// <summary>The choice between the two models that ship, as a model of its own, where both can be used.</summary>
    private static IEnumerable<ModelEntry> Automatic(ModelEntry[] models)
    {
        ModelEntry[] parts =
        [
            .. models.Where(model => model is { State: ModelState.Ready, Name: Defaults.Model or Defaults.StrongModel }),
        ];
        if (parts.Length == 2)
        {
            yield return new()
            {
                Name = Defaults.AutomaticModel,
                Title = Defaults.AutomaticTitle,
                Tile = parts[0].Tile,
                DownloadBytes = 0,
                Licences = [.. parts.SelectMany(part => part.Licences).Distinct()],
            };
        }
    }

    private ModelEntry Present(ModelEntry entry)
    {
        try
        {
            ResolvedModel model = library.Find(entry.Name)!;
            ModelFacts facts = ModelSource.Open(model.Path).Facts;
            bool whole = model.Lora is null || File.Exists(model.Lora);
            return entry with
            {
                State = whole ? ModelState.Ready : ModelState.Damaged,
                Problem = whole ? null : $"{model.Lora} is missing.",
                ReadsPrompts = facts.ReadsPrompts,
                Tile = model.Defaults.Tile ?? facts.TileOf(new()),
                ModelT = model.Defaults.ModelT,
                CoeffT = model.Defaults.CoeffT,
                DownloadBytes = 0,
            };
        }
        catch (Exception failure) when (failure is HypirException or EngineException or IOException or UnauthorizedAccessException)
        {
            return entry with { State = ModelState.Damaged, Problem = failure.Message };
        }
    }

    private ModelEntry Missing(ModelEntry entry, StoreIndex index)
    {
        ManifestEntry[] wanted =
        [
            .. library.Manifest.WithBases(entry.Name).Where(part => part.BuiltIn is null && !index.Entries.ContainsKey(part.Name)),
        ];
        if (wanted.Any(part => part.Files.Any(file => file.Sources.Count == 0)))
            return entry with
            {
                State = ModelState.Unavailable,
                Problem = "It is not on this machine and has no known download address: add its file.",
                DownloadBytes = null,
            };
        long there = wanted.Sum(library.Store.BytesHere);
        return entry with
        {
            State = there > 0 ? ModelState.Partial : ModelState.Available,
            Problem = "It is not on this machine yet.",
            DownloadBytes = wanted.All(part => part.Size is not null) ? Math.Max(0, wanted.Sum(part => part.Size!.Value) - there) : null,
        };
    }

    private IEnumerable<License> LicencesOf(ManifestEntry entry) =>
        library.Manifest.WithBases(entry.Name).Select(part => part.Licence).OfType<License>().Distinct();
}
