using Hypir.Networks.Checkpoints;
using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>Weights as a checkpoint stores them. Its keys were compared with the network's beforehand (<see cref="KeyCheck"/>).</summary>
/// <param name="source">The opened checkpoint; it must stay open as long as the network lives, which may share its mapped memory.</param>
public sealed class CheckpointWeights(ITensorSource source) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape) => source.Read(name);
}
