using Hypir.Restoration.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Device and types of a plan, in torch's words.</summary>
internal sealed class ComputeTypes(RestorePlan plan)
{
    /// <summary>Where the networks compute.</summary>
    public Device Device { get; } = device(plan.Compute.Device);

    /// <summary>The UNet's type.</summary>
    public ScalarType UNet { get; } = TorchTypes.Of(plan.Compute.UNet);

    /// <summary>The VAE's type.</summary>
    public ScalarType Vae { get; } = TorchTypes.Of(plan.Compute.Vae);

    /// <summary>Whether the reference's types hold: it computes everything around a network in the network's type.</summary>
    public bool IsReference { get; } = plan.Options.Mode == RestoreMode.Reference;

    private ScalarType Pixels { get; } = TorchTypes.Pixels(plan.Compute);

    /// <summary>The type of sums over tiles, and of latents between stages.</summary>
    public ScalarType Accumulator(ScalarType network) => IsReference ? network : Pixels;

    /// <summary>The type of the formulas around a network that computes in the given one.</summary>
    public ScalarType Arithmetic(ScalarType network) => IsReference ? network : TorchTypes.Widest(network, Pixels);
}
