using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>
/// Where a network's weights come from while it is built: each module asks for its own tensors by the checkpoint's name. A network that is built
/// from a checkpoint therefore never holds random weights first, and sources can be stacked: read, merge, cast.
/// </summary>
public abstract class WeightSource
{
    /// <summary>The tensor of this name.</summary>
    /// <param name="name">Name in the checkpoint, such as <c>down_blocks.0.resnets.0.conv1.weight</c>.</param>
    /// <param name="shape">The shape that the network needs.</param>
    /// <returns>A tensor of that shape, owned by the caller. It may share read-only memory with a mapped file.</returns>
    public abstract Tensor Get(string name, long[] shape);
}
