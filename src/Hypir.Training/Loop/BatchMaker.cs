

using Hypir.Training.Data.Pairs;
using Hypir.Training.Models;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>Turns pairs into what the networks take.</summary>
internal static class BatchMaker
{
    /// <summary>Makes a batch.</summary>
    /// <param name="model">Encodes captions and pictures.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="seed">Of the noise of the posterior's sample: drawn on the CPU, so that it is the same everywhere.</param>
    /// <param name="device">Where to compute.</param>
    public static PreparedBatch Make(TrainingModel model, PairBatch pairs, long seed, Device device)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        using var text = model.EncodePrompts(pairs.Prompts);
        Tensor gt = pairs.Gt(device), lq = pairs.Lq(device);
        var noise = randn(model.LatentShape(lq.shape), ScalarType.Float32, generator: generator).to(device);
        return PreparedBatch.Make(model.Networks, gt, lq, text, noise, ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
