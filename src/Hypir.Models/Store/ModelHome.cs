using Hypir.Models.Manifests;

namespace Hypir.Models.Store;

/// <summary>The folder of everything that the programs keep for a user, and its parts for models.</summary>
/// <param name="Folder">The folder.</param>
public sealed record ModelHome(string Folder)
{
    /// <summary>The folder named by HYPIR_HOME, or else one in local application data.</summary>
    public static ModelHome Default =>
        new(
            Environment.GetEnvironmentVariable("HYPIR_HOME") is { Length: > 0 } home
                ? home
                : Path.Combine(
                    Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                    "hypir")
        );

    /// <summary>The default folder of the models.</summary>
    public string Models => Path.Combine(Folder, "models");

    /// <summary>The user's own list of available models; often missing.</summary>
    public string Manifest => Path.Combine(Folder, "models.yaml");

    /// <summary>Finds the model that the user means: a path if it exists, or else a name.</summary>
    /// <param name="model">A folder, a file or a name.</param>
    /// <param name="programFolder">The folder of the built-in models.</param>
    /// <exception cref="StoreException">Neither path nor name exists, or the model is incomplete.</exception>
    public ResolvedModel Choose(string model, string programFolder)
    {
        if (File.Exists(model) || Directory.Exists(model) || !ManifestReader.IsName(model))
            return new ResolvedModel(model, model, null, new ModelDefaults());
        return Named(model, programFolder);
    }

    /// <summary>Finds a model by name, ignoring files and folders.</summary>
    /// <param name="model">The name.</param>
    /// <param name="programFolder">The folder of the built-in models.</param>
    /// <exception cref="StoreException">There is no such name, or the model is incomplete.</exception>
    public ResolvedModel Named(string model, string programFolder)
    {
        var store = new ModelStore(Models);
        var manifest = ListFor(model);
        return store.Find(model, manifest, programFolder)
            ?? throw new StoreException(
                $"There is no folder, file or model {model}.{Spelling.Question(model, store.RestoringNames(manifest))}",
                "`hypir models list` shows the models; others are named by their folder or file.");
    }

    /// <summary>The available models. What comes with the program works even if the user's own list is damaged.</summary>
    private Manifest ListFor(string model)
    {
        try
        {
            return Manifests.Manifest.Load([Manifest], optional: true);
        }
        catch (StoreException) when (Manifests.Manifest.BuiltIn().Find(model)?.BuiltIn is not null)
        {
            return Manifests.Manifest.BuiltIn();
        }
    }
}

/// <summary>A model ready for use: a base, optional LoRA weights, and defaults.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">The base's folder or file.</param>
/// <param name="Lora">File of LoRA weights, or null.</param>
/// <param name="Defaults">The settings used by default.</param>
public sealed record ResolvedModel(string Name, string Path, string? Lora, ModelDefaults Defaults);

/// <summary>The default settings of a model.</summary>
/// <param name="ModelT">The UNet's timestep input, 0 … 999.</param>
/// <param name="CoeffT">Timestep of the one-step formula, 0 … 999.</param>
/// <param name="Tile">Side of the tiles, in pixels.</param>
/// <param name="Stride">Distance between tiles, in pixels.</param>
public sealed record ModelDefaults(int? ModelT = null, int? CoeffT = null, int? Tile = null, int? Stride = null);
