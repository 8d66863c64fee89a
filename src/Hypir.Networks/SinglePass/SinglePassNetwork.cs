using Hypir.Networks.Layers;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass;

/// <summary>A network that restores or enlarges an image in one evaluation.</summary>
public abstract class SinglePassNetwork : NetworkModule
{
    private protected SinglePassNetwork(string name)
        : base(name)
    {
    }

    /// <summary>Evaluates the network. Intermediate results are freed; each block calls <see cref="NetworkRun.EnterBlock"/>.</summary>
    /// <param name="x">
    /// (B, in channels, H, W), RGB from 0 to 1, H and W as <see cref="SinglePassNeeds"/> asks. It stays the caller's.
    /// </param>
    /// <param name="run">Watches and cancels.</param>
    /// <param name="dial">The setting of <see cref="SinglePassOutline.Dial"/>; null if the network has none or estimates it.</param>
    /// <returns>(B, out channels, scale · H, scale · W), about 0 to 1 and not clamped, owned by the caller.</returns>
    public abstract Tensor Forward(Tensor x, NetworkRun run, double? dial);
}
