using Hypir.Networks;
using Hypir.Networks.Vae;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>One batch, ready for the networks. It owns its tensors.</summary>
/// <param name="Target">Clean images in [-1, 1], (B, 3, H, W), in the type of the losses.</param>
/// <param name="Latent">
/// The degraded images' latents, unscaled, (B, latent channels, h, w), in the UNet's type; if the encoder trains, the noise for its
/// posterior sample; for a single-pass network, the degraded images in [-1, 1].
/// </param>
/// <param name="Text">Embedding of the prompts, (B, tokens, width), in the UNet's type; empty for a single-pass network.</param>
/// <param name="Degraded">The degraded images in [-1, 1], (B, 3, H, W), in the VAE's type, if the encoder trains; otherwise null.</param>
public sealed record PreparedBatch(Tensor Target, Tensor Latent, Tensor Text, Tensor? Degraded = null) : IDisposable
{
    /// <summary>Encodes the degraded images.</summary>
    /// <param name="networks">The networks, with the VAE.</param>
    /// <param name="clean">Clean images in [0, 1], (B, 3, H, W).</param>
    /// <param name="degraded">Degraded images in [0, 1], the same shape.</param>
    /// <param name="text">Embedding of the prompts; the batch creates its own handle.</param>
    /// <param name="noise">Standard normal numbers for the posterior's sample, of the latents' shape.</param>
    /// <param name="type">Type of the losses.</param>
    public static PreparedBatch Make(DiffusionNetworks networks, Tensor clean, Tensor degraded, Tensor text, Tensor noise, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor images = degraded.Times(2).Minus(1).to(networks.VaeType);
        Tensor target = clean.Times(2).Minus(1).to(type, images.device);
        if (networks.TrainsEncoder)
        {
            return new(
                target.MoveToOuterDisposeScope(), noise.to(images.dtype, images.device, copy: true).MoveToOuterDisposeScope(),
                text.alias().MoveToOuterDisposeScope(), images.MoveToOuterDisposeScope());
        }
        Tensor moments = networks.Vae.EncodeMoments(images);
        Tensor latent = Posterior.Sample(moments, noise.to(moments.dtype, moments.device)).to(networks.UNetType);
        return new(target.MoveToOuterDisposeScope(), latent.MoveToOuterDisposeScope(), text.alias().MoveToOuterDisposeScope());
    }

    /// <summary>Moves the tensors to the outer dispose scope.</summary>
    public PreparedBatch MoveToOuterDisposeScope()
    {
        Target.MoveToOuterDisposeScope();
        Latent.MoveToOuterDisposeScope();
        Text.MoveToOuterDisposeScope();
        Degraded?.MoveToOuterDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Target.Dispose();
        Latent.Dispose();
        Text.Dispose();
        Degraded?.Dispose();
    }
}
