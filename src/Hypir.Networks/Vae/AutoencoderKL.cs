using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using static TorchSharp.torch;

namespace Hypir.Networks.Vae;

/// <summary>
/// The variational autoencoder of Stable Diffusion (Rombach et al., 2022), with module names as in diffusers' checkpoints: converts images
/// in [-1, 1] to a latent with <see cref="VaeConfig.Factor"/> times fewer rows and columns, and back.
/// </summary>
public sealed class AutoencoderKL : NetworkModule
{
    private readonly VaeEncoder _encoder;
    private readonly VaeDecoder _decoder;
    private readonly Conv2d? _quantConv;
    private readonly Conv2d? _postQuantConv;

    /// <summary>Builds the network from its configuration and weights.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="weights">Root of the weights.</param>
    public AutoencoderKL(VaeConfig config, WeightScope weights)
        : base(nameof(AutoencoderKL))
    {
        Config = config;
        long latent = config.LatentChannels;
        _encoder = this.Child("encoder", new VaeEncoder(weights["encoder"], config));
        _decoder = this.Child("decoder", new VaeDecoder(weights["decoder"], config));
        if (config.UseQuantConv)
            _quantConv = this.Child("quant_conv", new Conv2d(weights["quant_conv"], 2 * latent, 2 * latent, 1));
        if (config.UsePostQuantConv)
            _postQuantConv = this.Child("post_quant_conv", new Conv2d(weights["post_quant_conv"], latent, latent, 1));
    }

    /// <summary>The configuration.</summary>
    public VaeConfig Config { get; }

    /// <summary>The posterior's moments, from which <see cref="Posterior"/> makes latents.</summary>
    /// <param name="x">Images in [-1, 1], (B, 3, H, W); H and W multiples of the factor.</param>
    /// <param name="run">Observes and cancels.</param>
    /// <returns>Mean and logarithm of the variance, (B, 2 * latent channels, H / factor, W / factor), owned by the caller.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two blocks; no tensor is left alive.</exception>
    public Tensor EncodeMoments(Tensor x, NetworkRun? run = null)
    {
        using var scope = NewDisposeScope();
        Tensor moments = _encoder.Forward(x, run ?? NetworkRun.Unobserved);
        return (_quantConv is null ? moments : moments.Then(_quantConv.call)).MoveToOuterDisposeScope();
    }

    /// <summary>Decodes a latent to an image.</summary>
    /// <param name="z">Latent (divided by the scaling factor), (B, latent channels, h, w).</param>
    /// <param name="run">Observes and cancels.</param>
    /// <returns>Images, nominally in [-1, 1] but not clamped, (B, 3, h * factor, w * factor), owned by the caller.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two blocks; no tensor is left alive.</exception>
    public Tensor Decode(Tensor z, NetworkRun? run = null)
    {
        run ??= NetworkRun.Unobserved;
        using var scope = NewDisposeScope();
        Tensor h = _postQuantConv is null ? z : run.Compute(_postQuantConv.call, z);
        return _decoder.Forward(h, run).MoveToOuterDisposeScope();
    }
}

/// <summary>The diagonal Gaussian that the VAE's encoder describes by its moments.</summary>
public static class Posterior
{
    private const double LowestLogVariance = -30;
    private const double HighestLogVariance = 20;

    /// <summary>Its mean.</summary>
    /// <param name="moments">(B, 2C, h, w): mean, then logarithm of the variance.</param>
    /// <returns>(B, C, h, w), owned by the caller.</returns>
    public static Tensor Mean(Tensor moments)
    {
        using var scope = NewDisposeScope();
        return moments.chunk(2, 1)[0].MoveToOuterDisposeScope();
    }

    /// <summary>The same sample, overwriting the moments. Not usable with gradients.</summary>
    /// <inheritdoc cref="Sample(Tensor, Tensor)"/>
    public static Tensor SampleOver(Tensor moments, Tensor noise)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = moments.chunk(2, 1);
        Tensor deviation = halves[1].ClampInPlace(LowestLogVariance, HighestLogVariance).MultiplyInPlace(0.5).exp_();
        return deviation.mul_(noise).AddInPlace(halves[0]).MoveToOuterDisposeScope();
    }

    /// <summary>Draws a sample: mean + exp(0.5 clamp(logvar, -30, 20)) noise.</summary>
    /// <param name="moments">(B, 2C, h, w): mean, then logarithm of the variance.</param>
    /// <param name="noise">Standard normal numbers, (B, C, h, w).</param>
    /// <returns>(B, C, h, w), owned by the caller.</returns>
    public static Tensor Sample(Tensor moments, Tensor noise)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = moments.chunk(2, 1);
        Tensor deviation = halves[1].Clamped(LowestLogVariance, HighestLogVariance).Times(0.5).exp();
        return halves[0].Plus(deviation * noise).MoveToOuterDisposeScope();
    }
}
