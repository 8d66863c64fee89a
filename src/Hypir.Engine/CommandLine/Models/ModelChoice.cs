using Hypir.Models;
using Hypir.Models.Manifests;
using Hypir.Models.Store;

namespace Hypir.Engine.CommandLine.Models;

/// <summary>Finds the model that a person means: a path where there is one, else a name of the store.</summary>
internal static class ModelChoice
{
    private const string Default = "nano";

    /// <summary>Finds a model.</summary>
    /// <param name="model">A path or a name; null for the model that comes with the program.</param>
    /// <exception cref="StoreException">There is neither such a path nor such a name, or the model is not complete.</exception>
    public static ChosenModel Of(string? model)
    {
        if (model is not null && (File.Exists(model) || Directory.Exists(model) || !ManifestReader.IsName(model)))
            return new ChosenModel(model, model, null, new ModelDefaults());
        string name = model ?? Default;
        return new ModelStore(ModelHome.Default.Models).Find(name, Manifest.Load([ModelHome.Default.Manifest], optional: true), AppContext.BaseDirectory)
            ?? throw new StoreException($"There is no folder, file or model {name}.", "`hypir models list` shows the models; others are named by their folder or file.");
    }
}
