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

    /// <inheritdoc cref="Forward"/>
    /// <returns>(B, out channels, scale · H, scale · W), in the current scope.</returns>
    protected abstract Tensor Compute(Tensor x, NetworkRun run, double? dial);
}
