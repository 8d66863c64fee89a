using static TorchSharp.torch;

namespace Hypir.Networks.Vae;

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

    /// <summary>The same sample, in the memory of the moments, which are lost. Not where gradients are kept.</summary>
    /// <inheritdoc cref="Sample(Tensor, Tensor)"/>
    public static Tensor SampleOver(Tensor moments, Tensor noise)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = moments.chunk(2, 1);
        Tensor deviation = halves[1].ClampInPlace(LowestLogVariance, HighestLogVariance).MultiplyInPlace(0.5).exp_();
        return deviation.mul_(noise).AddInPlace(halves[0]).MoveToOuterDisposeScope();
    }

    /// <summary>A sample of it: mean + exp(0.5 clamp(logvar, -30, 20)) noise.</summary>
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
