using Hypir.Networks;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Perceptual;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>LPIPS with its weights; it owns them.</summary>
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
    /// <param name="sources">Where weights are that are not named.</param>
    /// <param name="vgg">Weights of VGG16, or null.</param>
    /// <param name="lins">Weights of the linear layers, or null.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="HypirException">Weights are missing or refused.</exception>
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
