using Hypir.Networks;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Recipes;
using static TorchSharp.torch;

namespace Hypir.Training.Data.Pairs;

/// <summary>
/// An endless row of batches to train on: pictures come from the loader's workers, are degraded on the device and pass the shuffle pool. What batch 7 holds
/// follows from seed, settings and list of pictures alone, so that a run which is gone on with sees what it would have seen.
/// </summary>
public sealed class PairSource : IDisposable
{
    private readonly TrainingLoader _loader;
    private readonly ShufflePool<TrainingPair> _pool;
    private readonly SeededRandom _random;
    private readonly Device _device;
    private long _next;

    /// <summary>Starts the workers.</summary>
    /// <param name="settings">Batch size, workers, cut-outs, ranges, pool, seed.</param>
    /// <param name="entries">The pictures, at least one.</param>
    /// <param name="device">Where pictures are degraded.</param>
    /// <param name="state">Where an earlier run stood; null begins at the beginning.</param>
    /// <exception cref="ManifestException">There are no pictures.</exception>
    public PairSource(DataSettings settings, IReadOnlyList<ManifestEntry> entries, Device device, PairSourceState? state = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_device, _next) = (device, state?.Next ?? 0);
        _random = state is null ? PoolRandom(settings.Seed) : new(state.Random);
        _pool = new(settings.QueueSize, _random.Permutation, state?.Pool);
        _loader = new(settings, entries, _next);
    }

    /// <summary>Where the source stands: all there is to remember.</summary>
    public PairSourceState State => new(_next, _random.State, [.. _pool.Items]);

    /// <summary>Waits for pictures and makes the next batch of them.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The batch, and what the loader says of pictures that it could not read.</returns>
    /// <exception cref="ManifestException">Too many pictures in a row cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public (PairBatch Batch, IReadOnlyList<string> Skipped) Next(CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var loaded = _loader.Next(cancellation);
        using var degraded = RecipeApplier.Apply(loaded.Recipe.Degradation, loaded.Pictures(_device));
        var pairs = _pool.Exchange([.. Enumerable.Range(0, loaded.Samples.Count).Select(i => Pair(degraded, loaded.Recipe, i))]);
        return (new(_next++, pairs), [.. loaded.Samples.SelectMany(sample => sample.Skipped)]);
    }

    /// <summary>The pool's stream: samples and batches have those from 0.</summary>
    internal static SeededRandom PoolRandom(long seed) => new(seed, -1);

    /// <summary>Stops the workers.</summary>
    public void Dispose() => _loader.Dispose();

    private static TrainingPair Pair(DegradedImages degraded, BatchRecipe recipe, int place)
    {
        using var scope = NewDisposeScope();
        Tensor gt = degraded.Gt[place].cpu().contiguous(), lq = degraded.Lq[place].Times(255).round().to(uint8).cpu().contiguous();
        return new([.. gt.data<float>()], [.. lq.data<byte>()], (int)gt.shape[1], (int)gt.shape[2], recipe, place);
    }
}
