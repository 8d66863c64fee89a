using Hypir.Models.Manifests;

namespace Hypir.Models.Store;

/// <summary>The folder of all that the programs keep for a user, and the places in it that concern models.</summary>
/// <param name="Folder">The folder.</param>
public sealed record ModelHome(string Folder)
{
    /// <summary>The folder that HYPIR_HOME names, else one in local application data.</summary>
    public static ModelHome Default =>
        new(
            Environment.GetEnvironmentVariable("HYPIR_HOME") is { Length: > 0 } home
                ? home
                : Path.Combine(
                    Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                    "hypir")
        );

    /// <summary>The folder of the models, unless another one is asked for.</summary>
    public string Models => Path.Combine(Folder, "models");

    /// <summary>The person's own list of models that can be had; often there is none.</summary>
    public string Manifest => Path.Combine(Folder, "models.yaml");

    /// <summary>Finds the model that a person means: a path where there is one, else a name.</summary>
    /// <param name="model">A folder, a file or a name.</param>
    /// <param name="programFolder">The folder that built-in models lie in.</param>
    /// <exception cref="StoreException">There is neither such a path nor such a name, or the model is not complete.</exception>
    public ResolvedModel Choose(string model, string programFolder)
    {
        if (File.Exists(model) || Directory.Exists(model) || !ManifestReader.IsName(model))
            return new ResolvedModel(model, model, null, new ModelDefaults());
        return Named(model, programFolder);
    }

    /// <summary>Finds the model of a name, whatever else is called so.</summary>
    /// <param name="model">The name.</param>
    /// <param name="programFolder">The folder that built-in models lie in.</param>
    /// <exception cref="StoreException">There is no such name, or the model is not complete.</exception>
    public ResolvedModel Named(string model, string programFolder) =>
        new ModelStore(Models).Find(model, Manifests.Manifest.Load([Manifest], optional: true), programFolder)
        ?? throw new StoreException(
            $"There is no folder, file or model {model}.",
            "`hypir models list` shows the models; others are named by their folder or file."
        );
}

/// <summary>A model as it is used: a base, perhaps LoRA weights on it, and defaults.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">The base's folder or file.</param>
/// <param name="Lora">File of LoRA weights, or null.</param>
/// <param name="Defaults">What holds where nothing else is said.</param>
public sealed record ResolvedModel(string Name, string Path, string? Lora, ModelDefaults Defaults);

/// <summary>What a model is used with where the person who uses it says nothing.</summary>
/// <param name="ModelT">Timestep that the UNet is told, 0 … 999.</param>
/// <param name="CoeffT">Timestep of the one-step formula, 0 … 999.</param>
/// <param name="Tile">Side of the tiles, in pixels.</param>
/// <param name="Stride">Distance between tiles, in pixels.</param>
public sealed record ModelDefaults(int? ModelT = null, int? CoeffT = null, int? Tile = null, int? Stride = null);
