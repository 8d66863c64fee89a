using Hypir.Networks;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Perceptual;
using Hypir.Networks.SinglePass;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>A generator that is one network, evaluated once. Its activations are always kept.</summary>
/// <param name="Network">Trainable throughout, in float32.</param>
/// <param name="Discriminator">As in the base.</param>
/// <param name="Lpips">As in the base.</param>
public sealed record SinglePassNetworks(SinglePassNetwork Network, ImageDiscriminator? Discriminator, Lpips? Lpips)
    : TrainingNetworks(Discriminator, Lpips)
{
    /// <inheritdoc/>
    public override ParameterSet GeneratorParameters() => new(Trained(Network, ""));

    /// <inheritdoc/>
    internal override Tensor Generate(TrainingSettings settings, PreparedBatch batch, NetworkRun run)
    {
        using var scope = NewDisposeScope();
        // The network's range is 0 to 1, that of the losses -1 to 1.
        Tensor unit = batch.Latent.Times(0.5).Plus(0.5);
        return Network.Forward(unit, NetworkRun.Unobserved, dial: null).Times(2).Minus(1).MoveToOuterDisposeScope();
    }
}
