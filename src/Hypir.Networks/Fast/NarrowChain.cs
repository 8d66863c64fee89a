using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>Narrow convolutions in a row, on maps that take turns in the same memory.</summary>
/// <param name="kept">Owns retained tensors and the memory of maps.</param>
/// <param name="convolutions">The convolutions, each of which reads what the one before it writes.</param>
internal sealed class NarrowChain(KeptTensors kept, IReadOnlyList<NarrowConv> convolutions)
{
    /// <summary>Computes all of them.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="enter">Called before each convolution with its index.</param>
    /// <returns>(B, H, W, at least K), in the current scope, valid until the memory of maps is used again.</returns>
    public Tensor Forward(Tensor x, Action<int> enter)
    {
        Tensor map = PixelMaps.Rent(kept.Maps, x, convolutions[0].Inputs, out IDisposable lease);
        PixelMaps.Write(x, map);
        for (int i = 0; i < convolutions.Count; i++)
        {
            enter(i);
            Tensor next = PixelMaps.Rent(kept.Maps, x, convolutions[i].Outputs, out IDisposable taken);
            convolutions[i].Forward(map, next);
            lease.Dispose();
            (map, lease) = (next, taken);
        }

        return map;
    }
}
