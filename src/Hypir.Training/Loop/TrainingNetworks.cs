using Hypir.Networks;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Perceptual;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>The networks of a training, owned by their creator: a generator, and what judges its images.</summary>
/// <param name="Discriminator">Tower and decoder, or null if the weight of its loss is 0.</param>
/// <param name="Lpips">The perceptual distance, or null if its weight is 0.</param>
public abstract record TrainingNetworks(ImageDiscriminator? Discriminator, Lpips? Lpips)
{
    /// <summary>The trained parameters of the generator.</summary>
    public abstract ParameterSet GeneratorParameters();

    /// <summary>Generates images. Each operation goes through the run, so that its tape records it.</summary>
    /// <param name="settings">Timesteps.</param>
    /// <param name="batch">What to restore.</param>
    /// <param name="run">The run; with a tape, activations are recomputed.</param>
    /// <returns>(B, 3, H, W), nominally in [-1, 1], in the type of the batch's targets.</returns>
    internal abstract Tensor Generate(TrainingSettings settings, PreparedBatch batch, NetworkRun run);

    /// <summary>The trained parameters of the discriminator, which are all of its decoder's; null without a discriminator.</summary>
    public ParameterSet? DiscriminatorParameters() => Discriminator is null ? null : new(Discriminator.Decoder.named_parameters());

    /// <summary>The parameters of a network that are trained, by their names after a prefix.</summary>
    private protected static IEnumerable<(string, Parameter)> Trained(nn.Module network, string prefix) =>
        network.named_parameters().Where(p => p.parameter.requires_grad).Select(p => (prefix + p.name, p.parameter));
}
