using Hypir.Networks;
using Hypir.Networks.SinglePass.DruNet;
using Hypir.Networks.SinglePass.NafNet;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>
/// Weights of a single-pass network that returns its input, so that all training improves on it. NAFNet and Compact add the input
/// themselves: their last convolution starts at 0. DRUNet does not: the image passes through the first three channels of its head and tail,
/// and everything that joins them later starts at 0. The other weights preserve the variance of their inputs.
/// </summary>
/// <param name="random">Draws.</param>
/// <param name="outline">The network.</param>
internal sealed class IdentitySinglePassWeights(FreshWeights random, SinglePassOutline outline) : WeightSource
{
    // PyTorch's initial slope of PReLU.
    private const double Slope = 0.25;

    // The variance of PyTorch's uniform numbers within 1/√fan-in is a third of what preserves the variance of the input.
    private static readonly double Keeping = Math.Sqrt(3);

    private readonly string _last = outline.Blocks[^1].Name;

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        Tensor drawn = random.Get(name, shape);
        Tensor value = outline switch
        {
            DruNetOutline => DruNet(name, drawn),
            _ when name.StartsWith(_last + ".", StringComparison.Ordinal) => zeros_like(drawn),
            NafNetOutline => name.EndsWith("beta", StringComparison.Ordinal) || name.EndsWith("gamma", StringComparison.Ordinal)
                ? zeros_like(drawn)
                : drawn,
            _ => shape.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal) ? drawn.Times(Slope) : Kept(name, drawn),
        };
        return value.MoveToOuterDisposeScope();
    }

    private static Tensor DruNet(string name, Tensor drawn)
    {
        bool ends = name.StartsWith("m_tail", StringComparison.Ordinal);
        if (ends || name.Contains(".res.2.", StringComparison.Ordinal)
            || (name.StartsWith("m_up", StringComparison.Ordinal) && !name.Contains(".res.", StringComparison.Ordinal)))
            drawn = zeros_like(drawn);
        else
            drawn = drawn.Times(Keeping);
        if (!ends && !name.StartsWith("m_head", StringComparison.Ordinal))
            return drawn;
        // The center of a 3x3 kernel, from each color to itself.
        long colors = Math.Min(drawn.shape[0], drawn.shape[1]);
        if (!ends)
            drawn[..(int)colors] = 0;
        for (long c = 0; c < colors; c++)
            drawn[c, c, 1, 1] = 1;
        return drawn;
    }

    private static Tensor Kept(string name, Tensor drawn) =>
        name.EndsWith("bias", StringComparison.Ordinal) ? zeros_like(drawn) : drawn.Times(Keeping);
}
