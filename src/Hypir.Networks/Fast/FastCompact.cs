using Hypir.Networks.SinglePass.Compact;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>A <see cref="CompactNetwork"/> rewritten for speed: each convolution includes its PReLU.</summary>
internal sealed class FastCompact : FastSinglePass
{
    private readonly int _scale;
    private readonly NarrowChain _chain;

    /// <summary>Copies the weights.</summary>
    /// <param name="outline">The sizes.</param>
    /// <param name="weights">The root of the plain network's weights.</param>
    public FastCompact(CompactOutline outline, WeightScope weights)
    {
        using var scope = NewDisposeScope();
        _scale = outline.Scale;
        _chain = new(Kept, [.. outline.Blocks.SelectMany(block => block.Layers).OfType<ConvLayer>().Select(Convolution)]);

        NarrowConv Convolution(ConvLayer layer, int index)
        {
            Tensor weight = weights[layer.Name].Tensor("weight", layer.OutChannels, layer.InChannels, layer.Kernel, layer.Kernel);
            Tensor bias = weights[layer.Name].Tensor("bias", layer.OutChannels);
            Tensor? slopes = index > outline.Convolutions
                ? null
                : weights[CompactOutline.ActivationOf(index)].Tensor("weight", layer.OutChannels);
            return new(Kept, weight, bias, slopes);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x, NetworkRun run, double? dial)
    {
        Tensor map = _chain.Forward(x, index => run.EnterBlock(CompactOutline.NameOf(index)));
        return PixelMaps.ShuffledPlus(map, x, _scale);
    }
}
