using Hypir.Networks.SinglePass.Esrgan;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// An <see cref="EsrganNetwork"/> rewritten for speed: a dense block's convolutions write beside what they read, in one map; each includes
/// its leaky ReLU, or the factor and the sum at the block's end.
/// </summary>
internal sealed class FastEsrgan : FastSinglePass
{
    private const double Slope = EsrganOutline.Slope;

    private readonly EsrganOutline _outline;
    private readonly NarrowConv _first;
    private readonly NarrowConv[][] _dense;
    private readonly NarrowConv _body;
    private readonly NarrowConv[] _enlarging;
    private readonly NarrowConv _fine;
    private readonly NarrowConv _last;

    /// <summary>Copies the weights.</summary>
    /// <param name="outline">The sizes.</param>
    /// <param name="weights">The root of the plain network's weights.</param>
    public FastEsrgan(EsrganOutline outline, WeightScope weights)
    {
        using var scope = NewDisposeScope();
        _outline = outline;
        var layers = outline.Blocks.SelectMany(block => block.Layers).OfType<ConvLayer>().ToDictionary(layer => layer.Name);
        _first = Convolution("conv_first", rectified: false);
        _dense = [.. Enumerable.Range(0, outline.Depth * EsrganOutline.Dense).Select(Dense)];
        _body = Convolution("conv_body", rectified: false);
        _enlarging = [.. Enumerable.Range(1, outline.Doublings).Select(index => Convolution($"conv_up{index}", rectified: true))];
        _fine = Convolution("conv_hr", rectified: true);
        _last = Convolution("conv_last", rectified: false);

        NarrowConv[] Dense(int index)
        {
            (int block, int dense) = (index / EsrganOutline.Dense, index % EsrganOutline.Dense + 1);
            string name = EsrganOutline.NameOf(block, dense);
            // A block of dense blocks ends with a factor of its own.
            double factor = dense == EsrganOutline.Dense ? Slope * Slope : Slope;
            return
            [
                .. Enumerable.Range(1, EsrganOutline.Convolutions - 1).Select(k => Convolution($"{name}.conv{k}", rectified: true)),
                Convolution($"{name}.conv{EsrganOutline.Convolutions}", rectified: false, factor),
            ];
        }

        NarrowConv Convolution(string name, bool rectified, double factor = 1)
        {
            ConvLayer layer = layers[name];
            Tensor weight = weights[name].Tensor("weight", layer.OutChannels, layer.InChannels, layer.Kernel, layer.Kernel);
            Tensor bias = weights[name].Tensor("bias", layer.OutChannels);
            if (factor != 1)
                (weight, bias) = (weight.Times(factor), bias.Times(factor));
            return new(Kept, weight, bias, rectified ? ones_like(bias).Times(Slope) : null);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x, NetworkRun run, double? dial)
    {
        MapMemory memory = Kept.Maps;
        run.EnterBlock("conv_first");
        Tensor small = _outline.Unshuffle == 1 ? x.alias() : nn.functional.pixel_unshuffle(x, _outline.Unshuffle);
        Tensor map = PixelMaps.Rent(memory, small, _outline.Features, out IDisposable lease);
        FromImage(_first, small, map);
        Body(small, map, run);
        int scale = 1;
        for (int index = 0; index < _enlarging.Length; index++)
        {
            run.EnterBlock($"conv_up{index + 1}");
            scale *= 2;
            Next(_enlarging[index], doubled: true);
        }

        run.EnterBlock("conv_hr");
        Next(_fine);
        run.EnterBlock("conv_last");
        Next(_last);
        return PixelMaps.Read(map, _outline.OutChannels);

        void Next(NarrowConv convolution, bool doubled = false)
        {
            Tensor next = PixelMaps.Rent(memory, small, convolution.Outputs, out IDisposable taken, scale);
            convolution.Forward(map, next, doubled: doubled);
            lease.Dispose();
            (map, lease) = (next, taken);
        }
    }

    /// <summary>Adds to a map what the residual blocks make of it.</summary>
    /// <param name="small">The input, for its size.</param>
    /// <param name="map">(B, H, W, features), read and written.</param>
    /// <param name="run">Watches and cancels.</param>
    private void Body(Tensor small, Tensor map, NetworkRun run)
    {
        (long features, long growth) = (_outline.Features, _outline.Growth);
        long width = features + (EsrganOutline.Convolutions - 1) * growth;
        Tensor sum = PixelMaps.Rent(Kept.Maps, small, features, out IDisposable kept);
        Tensor one = PixelMaps.Rent(Kept.Maps, small, width, out IDisposable first);
        Tensor other = PixelMaps.Rent(Kept.Maps, small, width, out IDisposable second);
        using (kept)
        using (first)
        using (second)
        {
            sum.copy_(map);
            for (int block = 0; block < _outline.Depth; block++)
            {
                (Tensor from, Tensor to) = (one, other);
                using (Tensor start = from.narrow(3, 0, features))
                    start.copy_(sum);
                for (int dense = 0; dense < EsrganOutline.Dense; dense++)
                {
                    run.EnterBlock(EsrganOutline.NameOf(block, dense + 1));
                    NarrowConv[] convolutions = _dense[block * EsrganOutline.Dense + dense];
                    for (int k = 0; k < convolutions.Length - 1; k++)
                        convolutions[k].Forward(from, from, (int)(features + k * growth));
                    if (dense < EsrganOutline.Dense - 1)
                    {
                        convolutions[^1].Forward(from, to, residual: from);
                        (from, to) = (to, from);
                        continue;
                    }

                    using (Tensor input = from.narrow(3, 0, features))
                        sum.AddInPlace(input, Slope);
                    convolutions[^1].Forward(from, sum, residual: sum);
                }
            }

            run.EnterBlock("conv_body");
            _body.Forward(sum, map, residual: map);
        }
    }
}
