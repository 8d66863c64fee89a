using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass;

/// <summary>A single-pass network rewritten for speed on a CPU.</summary>
public interface IFastSinglePass : IDisposable
{
    /// <summary>Evaluates the network as <see cref="SinglePassNetwork.Forward"/> does, with the same calls of the run.</summary>
    /// <param name="x">(B, in channels, H, W), float32 or float64 on the CPU. The caller keeps it.</param>
    /// <param name="run">Watches and cancels.</param>
    /// <param name="dial">The setting of <see cref="SinglePassOutline.Dial"/>, or null.</param>
    /// <returns>(B, out channels, scale · H, scale · W), owned by the caller.</returns>
    Tensor Forward(Tensor x, NetworkRun run, double? dial);

    /// <summary>Frees the memory that evaluations keep for reuse.</summary>
    void GiveMemoryBack();
}
