using Hypir.Models.Store;
using Hypir.Networks;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Perceptual;
using Hypir.Networks.Weights;
using Hypir.Training.Loop;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>Finds the weights that only training needs.</summary>
/// <param name="store">The models on this machine.</param>
internal sealed class WeightSources(ModelStore store)
{
    // Names of the manifest.
    private const string Vgg = "vgg16", Lins = "lpips-vgg", Tower = "openclip-convnext-xxlarge";

    /// <summary>Whether the weights of LPIPS are on this machine.</summary>
    public bool HasLpips => store.Read().Entries is var entries && entries.ContainsKey(Vgg) && entries.ContainsKey(Lins);

    /// <summary>Opens the weights of VGG16.</summary>
    public ITensorSource OpenVgg(string? path) => Open(path, Vgg, "lpips_vgg", "lambda_lpips");

    /// <summary>Opens the linear layers of LPIPS.</summary>
    public ITensorSource OpenLins(string? path) => Open(path, Lins, "lpips_lins", "lambda_lpips");

    /// <summary>Opens the discriminator's tower.</summary>
    public ITensorSource OpenTower(string? path) => Open(path, Tower, "discriminator_tower", "lambda_gan");

    private ITensorSource Open(string? path, string entry, string key, string weight)
    {
        if (path is not null)
            return CheckpointFile.Open(Directory.Exists(path) ? Single(path) : path);
        return store.Read().Entries.TryGetValue(entry, out var stored)
            ? CheckpointFile.Open(store.PathOf(stored, stored.Files[0]))
            : throw new TrainingException($"The weights of {entry} are not on this machine, and {weight} is above 0.",
                $"`hypir models pull {entry}` downloads them; or set {key} to a file, or set {weight}: 0.");
    }

    private static string Single(string folder)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".safetensors" or ".pth" or ".pt" or ".bin"),
        ];
        return files is [var only]
            ? only
            : throw new ModelException($"{folder} contains {files.Length} weight files, but one is expected.", "Name the file.");
    }
}

/// <summary>LPIPS with its weights, which it owns.</summary>
internal sealed class LoadedLpips : IDisposable
{
    private readonly List<IDisposable> _owned;

    private LoadedLpips(ITensorSource vgg, ITensorSource lins, Device device)
    {
        _owned = [vgg, lins];
        KeyCheck.Require(vgg, ShapeRecorder.Record(w => new Vgg16Features(w)), ignore: _ => true);
        var features = new Vgg16Features(Weights(vgg));
        _owned.Add(features);
        KeyCheck.Require(lins, ShapeRecorder.Record(w => new Lpips(features, w)), ignore: _ => true);
        Metric = new Lpips(features, Weights(lins));
        _owned.Add(Metric);

        WeightScope Weights(ITensorSource source) => new(new CastWeights(new CheckpointWeights(source), ScalarType.Float32, device));
    }

    /// <summary>The metric, in float32.</summary>
    public Lpips Metric { get; }

    /// <summary>Loads the metric.</summary>
    /// <param name="sources">Finds weights that are not given.</param>
    /// <param name="vgg">Weights of VGG16, or null.</param>
    /// <param name="lins">Weights of the linear layers, or null.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="HypirException">Weights are missing or unusable.</exception>
    public static LoadedLpips Load(WeightSources sources, string? vgg, string? lins, Device device)
    {
        using var scope = NewDisposeScope();
        var loaded = new LoadedLpips(sources.OpenVgg(vgg), sources.OpenLins(lins), device);
        ModuleLifetime.Outlive(loaded._owned);
        return loaded;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
    }
}
