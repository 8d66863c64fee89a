using Hypir.Networks.Discriminator;
using Hypir.Networks.Perceptual;
using Hypir.Networks.Scheduling;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>The networks of a training. Whoever made them owns them.</summary>
/// <param name="UNet">With adapters that want gradients beside its frozen layers, or with layers that want them themselves.</param>
/// <param name="Vae">Frozen, or a decoder that wants gradients.</param>
/// <param name="Scheduler">The noise schedule.</param>
/// <param name="Discriminator">Tower and decoder, or null where the weight of its loss is 0.</param>
/// <param name="Lpips">The perceptual distance, or null where its weight is 0.</param>
public sealed record TrainingNetworks(
    UNet2DConditionModel UNet, AutoencoderKL Vae, DdpmScheduler Scheduler, ImageDiscriminator? Discriminator, Lpips? Lpips)
{
    /// <summary>The type that the UNet computes in: its first layer's, which never has an adapter.</summary>
    public ScalarType UNetType { get; } = UNet.parameters().First().dtype;

    /// <summary>The type that the VAE computes in.</summary>
    public ScalarType VaeType { get; } = Vae.parameters().First().dtype;

    /// <summary>The parameters that train in the generator: the UNet's under their own names, the VAE's after "vae.".</summary>
    public ParameterSet GeneratorParameters() => new(Trained(UNet, "").Concat(Trained(Vae, "vae.")));

    /// <summary>Whether the way from pictures to latents trains too.</summary>
    public bool TrainsEncoder { get; } = Vae.named_parameters().Any(p => p.parameter.requires_grad && p.name.StartsWith("encoder.", StringComparison.Ordinal));

    /// <summary>The parameters that train in the discriminator: all of the decoder's; null where there is none.</summary>
    public ParameterSet? DiscriminatorParameters() => Discriminator is null ? null : new(Discriminator.Decoder.named_parameters());

    private static IEnumerable<(string, Parameter)> Trained(nn.Module network, string prefix) =>
        network.named_parameters().Where(p => p.parameter.requires_grad).Select(p => (prefix + p.name, p.parameter));
}
