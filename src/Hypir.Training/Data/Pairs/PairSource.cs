using Hypir.Networks;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Recipes;
using Hypir.Training.Photos;
using static TorchSharp.torch;

namespace Hypir.Training.Data.Pairs;

/// <summary>
/// An endless sequence of batches to train on: images come from the loader's workers, are degraded on the device, and pass through the
/// shuffle pool. The contents of batch 7 depend only on the seed, the settings, and the list of images, so a resumed run sees the same
/// data.
/// </summary>
public sealed class PairSource : IPairSource
{
    private readonly TrainingLoader _loader;
    private readonly ShufflePool<TrainingPair> _pool;
    private readonly SeededRandom _random;
    private readonly Device _device;
    private long _next;

    /// <summary>Starts the workers.</summary>
    /// <param name="settings">Batch size, workers, crops, ranges, pool, seed.</param>
    /// <param name="entries">The images, at least one.</param>
    /// <param name="device">The device for degradation.</param>
    /// <param name="state">The state of an earlier run; null to start from the beginning.</param>
    /// <exception cref="ManifestException">There are no images.</exception>
    public PairSource(DataSettings settings, IReadOnlyList<ManifestEntry> entries, Device device, PairSourceState? state = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_device, _next) = (device, state?.Next ?? 0);
        _random = state is null ? PoolRandom(settings.Seed) : new(state.Random);
        _pool = new(settings.QueueSize, _random.Permutation, state?.Pool);
        _loader = new(settings, entries, _next);
    }

    /// <summary>The complete state of the source.</summary>
    public PairSourceState State => new(_next, _random.State, [.. _pool.Items]);

    /// <summary>Waits for images and makes the next batch.</summary>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>The batch, and messages about images that could not be read.</returns>
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

    /// <summary>The pool's random stream; samples and batches use streams from 0.</summary>
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

/// <summary>The data of one training step.</summary>
/// <param name="Number">The batch's number, from 0.</param>
/// <param name="Pairs">The pairs, all of one size.</param>
public sealed record PairBatch(long Number, IReadOnlyList<TrainingPair> Pairs)
{
    /// <summary>The captions.</summary>
    public IReadOnlyList<string> Prompts => [.. Pairs.Select(pair => pair.Prompt)];

    /// <summary>The target images.</summary>
    /// <param name="device">The target device.</param>
    /// <returns>(B, 3, H, W) in [0, 1], float32; the caller owns it.</returns>
    public Tensor Gt(Device device)
    {
        using var scope = NewDisposeScope();
        return stack(Pairs.Select(pair => tensor(pair.Gt, [3, pair.Height, pair.Width]))).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>The degraded images.</summary>
    /// <param name="device">The target device; bytes are transferred, not floats.</param>
    /// <returns>(B, 3, H, W) in [0, 1], float32; the caller owns it.</returns>
    public Tensor Lq(Device device)
    {
        using var scope = NewDisposeScope();
        return ImageTensor
            .ToUnit(stack(Pairs.Select(pair => tensor(pair.Lq, [3, pair.Height, pair.Width]))).to(device))
            .MoveToOuterDisposeScope();
    }
}

/// <summary>A degraded image and its target, as kept by the shuffle pool: arrays, so that no one has to own tensors.</summary>
/// <param name="Gt">Planes R, G, B of the target, in [0, 1]; floats because sharpening yields more than 8 bits.</param>
/// <param name="Lq">Planes of the degraded image.</param>
/// <param name="Height">Rows of both.</param>
/// <param name="Width">Columns of both.</param>
/// <param name="Recipe">The recipe of its batch.</param>
/// <param name="Place">Its index in that batch.</param>
public sealed record TrainingPair(float[] Gt, byte[] Lq, int Height, int Width, BatchRecipe Recipe, int Place)
{
    /// <summary>How a photo was damaged; null for pairs of the reference's degradation.</summary>
    public PhotoPlan? Photo { get; init; }

    /// <summary>The caption.</summary>
    public string Prompt => Recipe.Samples[Place].Prompt;
}
