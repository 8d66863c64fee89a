using Hypir.Networks.SinglePass;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>What the rewritten single-pass networks share: the tensors that they own, and maps that each evaluation uses again.</summary>
internal abstract class FastSinglePass : IFastSinglePass
{
    /// <summary>Owns retained tensors and the memory of maps.</summary>
    protected KeptTensors Kept { get; } = new();

    /// <inheritdoc/>
    public Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        Kept.Maps.ReclaimAll();
        return Compute(x, run, dial).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void GiveMemoryBack() => Kept.Maps.Dispose();

    /// <inheritdoc/>
    public void Dispose() => Kept.Dispose();

    /// <summary>Computes a network's first convolution, which reads an image.</summary>
    /// <param name="first">The convolution.</param>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="target">(B, H, W, at least K), written.</param>
    protected void FromImage(NarrowConv first, Tensor x, Tensor target)
    {
        Tensor pixels = PixelMaps.Rent(Kept.Maps, x, first.Inputs, out IDisposable lease);
        using IDisposable rented = lease;
        PixelMaps.Write(x, pixels);
        first.Forward(pixels, target);
    }

    /// <inheritdoc cref="Forward"/>
    /// <returns>(B, out channels, scale · H, scale · W), in the current scope.</returns>
    protected abstract Tensor Compute(Tensor x, NetworkRun run, double? dial);
}
