using static TorchSharp.torch;

namespace Hypir.Training.Data.Pairs;

/// <summary>What one training step sees.</summary>
/// <param name="Number">The batch's number, from 0.</param>
/// <param name="Pairs">The pairs, all of one size.</param>
public sealed record PairBatch(long Number, IReadOnlyList<TrainingPair> Pairs)
{
    /// <summary>The captions.</summary>
    public IReadOnlyList<string> Prompts => [.. Pairs.Select(pair => pair.Prompt)];

    /// <summary>The pictures to aim at.</summary>
    /// <param name="device">Where they are wanted.</param>
    /// <returns>(B, 3, H, W) in [0, 1], float32; the caller owns it.</returns>
    public Tensor Gt(Device device)
    {
        using var scope = NewDisposeScope();
        return stack(Pairs.Select(pair => tensor(pair.Gt, [3, pair.Height, pair.Width]))).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>The damaged pictures.</summary>
    /// <param name="device">Where they are wanted; bytes travel, not floats.</param>
    /// <returns>(B, 3, H, W) in [0, 1], float32; the caller owns it.</returns>
    public Tensor Lq(Device device)
    {
        using var scope = NewDisposeScope();
        return ImageTensor.ToUnit(stack(Pairs.Select(pair => tensor(pair.Lq, [3, pair.Height, pair.Width]))).to(device)).MoveToOuterDisposeScope();
    }
}
