using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.SinglePass.DnCnn;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>A <see cref="DnCnnNetwork"/> rewritten for speed: each convolution includes its batch norm and its ReLU.</summary>
internal sealed class FastDnCnn : FastSinglePass
{
    private readonly DnCnnOutline _outline;
    private readonly NarrowChain _chain;

    /// <summary>Copies the weights.</summary>
    /// <param name="outline">The sizes.</param>
    /// <param name="weights">The root of the plain network's weights.</param>
    public FastDnCnn(DnCnnOutline outline, WeightScope weights)
    {
        using var scope = NewDisposeScope();
        _outline = outline;
        _chain = new(Kept, [.. Enumerable.Range(0, outline.Convolutions).Select(Convolution)]);

        NarrowConv Convolution(int index)
        {
            (long from, long to) = outline.Channels(index);
            WeightScope here = weights[outline.NameOf(index)];
            (Tensor weight, Tensor bias) = (here.Tensor("weight", to, from, 3, 3), here.Tensor("bias", to));
            if (outline.HasNorm(index))
            {
                WeightScope norm = weights[outline.NormOf(index)];
                Tensor factor = norm.Tensor("weight", to) / norm.Tensor("running_var", to).Plus(DnCnnOutline.Epsilon).sqrt();
                weight = weight * factor.view(-1, 1, 1, 1);
                bias = ((bias - norm.Tensor("running_mean", to)) * factor).Plus(norm.Tensor("bias", to));
            }

            return new(Kept, weight, bias, index < outline.Convolutions - 1 ? zeros_like(bias) : null);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x, NetworkRun run, double? dial)
    {
        Tensor read = _outline.ReadsNoiseMap ? NoiseMap.Append(x, dial) : x.alias();
        Tensor y = PixelMaps.Read(_chain.Forward(read, index => run.EnterBlock(_outline.NameOf(index))), _outline.OutChannels);
        return (_outline.ReadsNoiseMap ? y : x - y);
    }
}
