using Hypir.Networks;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Perceptual;
using Hypir.Networks.Scheduling;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>A generator of one diffusion step: encode, one evaluation of the UNet, x0, decode.</summary>
/// <param name="UNet">Frozen with trainable adapters, or trainable throughout.</param>
/// <param name="Vae">Frozen, or trainable.</param>
/// <param name="Scheduler">The noise schedule.</param>
/// <param name="Discriminator">As in the base.</param>
/// <param name="Lpips">As in the base.</param>
public sealed record DiffusionNetworks(
    UNet2DConditionModel UNet, AutoencoderKL Vae, DdpmScheduler Scheduler, ImageDiscriminator? Discriminator, Lpips? Lpips)
    : TrainingNetworks(Discriminator, Lpips)
{
    /// <summary>The UNet's compute type: that of its first layer, which never has an adapter.</summary>
    public ScalarType UNetType { get; } = UNet.parameters().First().dtype;

    /// <summary>The type that the VAE computes in.</summary>
    public ScalarType VaeType { get; } = Vae.parameters().First().dtype;

    /// <summary>Whether the encoder is trained too.</summary>
    public bool TrainsEncoder { get; } =
        Vae.named_parameters().Any(p => p.parameter.requires_grad && p.name.StartsWith("encoder.", StringComparison.Ordinal));

    /// <summary>The UNet's trained parameters under their own names, the VAE's with the prefix "vae.".</summary>
    public override ParameterSet GeneratorParameters() => new(Trained(UNet, "").Concat(Trained(Vae, "vae.")));

    /// <inheritdoc/>
    internal override Tensor Generate(TrainingSettings settings, PreparedBatch batch, NetworkRun run)
    {
        double scaling = Vae.Config.ScalingFactor;
        Tensor sample = batch.Degraded is null
            ? batch.Latent.Times(scaling)
            : run.Compute(Encoded, batch.Degraded, batch.Latent);
        Tensor time = tensor(new long[] { settings.ModelT }, device: sample.device);
        Tensor prediction = UNet.Forward(sample, time, batch.Text, run);
        Tensor latent = run.Compute(
            (p, s) =>
            {
                using var scope = NewDisposeScope();
                return Scheduler
                    .PredictOriginal(p, s, settings.CoeffT)
                    .DividedBy(scaling)
                    .to(VaeType)
                    .MoveToOuterDisposeScope();
            },
            prediction,
            sample
        );
        Tensor image = Vae.Decode(latent, run);
        return run.Compute(i => i.to(batch.Target.dtype), image);
    }

    private Tensor Encoded(Tensor images, Tensor noise)
    {
        using var scope = NewDisposeScope();
        Tensor latent = Posterior.Sample(Vae.EncodeMoments(images), noise).Times(Vae.Config.ScalingFactor);
        return latent.to(UNetType).MoveToOuterDisposeScope();
    }
}
