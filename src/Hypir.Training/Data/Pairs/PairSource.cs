using Hypir.Networks;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Recipes;
using static TorchSharp.torch;

namespace Hypir.Training.Data.Pairs;

/// <summary>
/// An endless row of batches to train on: images come from the loader's workers, are degraded on the device and pass the shuffle pool.
/// What batch 7 holds follows from seed, settings and list of images alone, so that a run which is gone on with sees what it would have
/// seen.
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
    /// <param name="entries">The images, at least one.</param>
    /// <param name="device">Where images are degraded.</param>
    /// <param name="state">Where an earlier run stood; null begins at the beginning.</param>
    /// <exception cref="ManifestException">There are no images.</exception>
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

    /// <summary>Waits for images and makes the next batch of them.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The batch, and what the loader says of images that it could not read.</returns>
    /// <exception cref="ManifestException">Too many images in a row cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public (PairBatch Batch, IReadOnlyList<string> Skipped) Next(CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var loaded = _loader.Next(cancellation);
        using var degraded = RecipeApplier.Apply(loaded.Recipe.Degradation, loaded.Images(_device));
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

/// <summary>What one training step sees.</summary>
/// <param name="Number">The batch's number, from 0.</param>
/// <param name="Pairs">The pairs, all of one size.</param>
public sealed record PairBatch(long Number, IReadOnlyList<TrainingPair> Pairs)
{
    /// <summary>The captions.</summary>
    public IReadOnlyList<string> Prompts => [.. Pairs.Select(pair => pair.Prompt)];

    /// <summary>The images to aim at.</summary>
    /// <param name="device">Where they are wanted.</param>
    /// <returns>(B, 3, H, W) in [0, 1], float32; the caller owns it.</returns>
    public Tensor Gt(Device device)
    {
        using var scope = NewDisposeScope();
        return stack(Pairs.Select(pair => tensor(pair.Gt, [3, pair.Height, pair.Width]))).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>The damaged images.</summary>
    /// <param name="device">Where they are wanted; bytes travel, not floats.</param>
    /// <returns>(B, 3, H, W) in [0, 1], float32; the caller owns it.</returns>
    public Tensor Lq(Device device)
    {
        using var scope = NewDisposeScope();
        return ImageTensor
            .ToUnit(stack(Pairs.Select(pair => tensor(pair.Lq, [3, pair.Height, pair.Width]))).to(device))
            .MoveToOuterDisposeScope();
    }
}

/// <summary>A damaged image and the one to aim at, as the shuffle pool keeps them: arrays, so that nobody need own them.</summary>
/// <param name="Gt">Planes R, G, B of the image to aim at, in [0, 1]: sharpening leaves more than 8 bits.</param>
/// <param name="Lq">Planes of the damaged one.</param>
/// <param name="Height">Rows of both.</param>
/// <param name="Width">Columns of both.</param>
/// <param name="Recipe">How it was made, with all that were degraded together with it.</param>
/// <param name="Place">Its place among those.</param>
public sealed record TrainingPair(float[] Gt, byte[] Lq, int Height, int Width, BatchRecipe Recipe, int Place)
{
    /// <summary>The caption.</summary>
    public string Prompt => Recipe.Samples[Place].Prompt;
}
