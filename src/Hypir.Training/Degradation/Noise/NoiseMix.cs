using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Noise;

/// <summary>Chooses between gray and colored noise, image by image.</summary>
internal static class NoiseMix
{
    /// <summary>
    /// The noise of a batch: the gray field where requested, the colored one elsewhere. Unused fields are not created.
    /// </summary>
    public static Tensor Fields(IReadOnlyList<bool> gray, Tensor images, Func<Tensor> grayField, Func<Tensor> colorField)
    {
        if (gray.Count != images.shape[0])
            throw new ArgumentException($"{gray.Count} choices of gray or color for {images.shape[0]} images.", nameof(gray));
        if (!gray.Contains(true))
            return colorField();
        var shared = grayField();
        if (!gray.Contains(false))
            return shared;
        var chosen = PerImage.Column([.. gray.Select(flag => flag ? 1.0 : 0.0)], images);
        return where(chosen.IsAbove(0), shared, colorField());
    }
}

/// <summary>The noise of one stage.</summary>
public enum NoiseKind
{
    /// <summary>Additive noise of uniform strength, as from electronics.</summary>
    Gaussian,

    /// <summary>Noise that grows with the light, as from counting photons.</summary>
    Poisson,
}

/// <summary>
/// The source of the random fields of one stage. Noise itself is a pure function of an image and these draws, so that a run can be repeated
/// from a seed or from recorded fields. The gray field is requested before the color field, each at most once.
/// </summary>
public interface INoiseDraws
{
    /// <summary>Standard normal numbers for gray noise: one field that all images of the batch share.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="like">Type and device.</param>
    /// <returns>(height, width).</returns>
    Tensor GreyNormal(long height, long width, Tensor like);

    /// <summary>Standard normal numbers for color noise.</summary>
    /// <param name="like">Shape (B, C, H, W), type and device.</param>
    /// <returns>(B, C, H, W).</returns>
    Tensor ColorNormal(Tensor like);

    /// <summary>Counts drawn from Poisson distributions for gray noise.</summary>
    /// <param name="rates">The expected counts, (B, 1, H, W).</param>
    /// <returns>(B, 1, H, W), whole numbers.</returns>
    Tensor GreyCounts(Tensor rates);

    /// <summary>Counts drawn from Poisson distributions for color noise.</summary>
    /// <param name="rates">The expected counts, (B, C, H, W).</param>
    /// <returns>(B, C, H, W), whole numbers.</returns>
    Tensor ColorCounts(Tensor rates);
}

/// <summary>
/// Noise fields from a seed. The same seed gives the same fields on the same kind of device; the CPU's do not depend on its number of
/// cores.
/// </summary>
/// <param name="seed">Any number.</param>
/// <param name="device">The images' device.</param>
public sealed class SeededDraws(long seed, Device device) : INoiseDraws, IDisposable
{
    private readonly Generator _generator = new((ulong)seed, device);

    /// <inheritdoc/>
    public Tensor GreyNormal(long height, long width, Tensor like) =>
        randn([height, width], like.dtype, like.device, generator: _generator);

    /// <inheritdoc/>
    public Tensor ColorNormal(Tensor like) => randn(like.shape, like.dtype, like.device, generator: _generator);

    /// <inheritdoc/>
    public Tensor GreyCounts(Tensor rates) => poisson(rates, _generator);

    /// <inheritdoc/>
    public Tensor ColorCounts(Tensor rates) => poisson(rates, _generator);

    /// <summary>Frees the generator.</summary>
    public void Dispose() => _generator.Dispose();
}

/// <summary>Numbers that belong to one image each, as tensors that broadcast over a batch.</summary>
internal static class PerImage
{
    /// <summary>One number per image as (B, 1, 1, 1), of the images' type and device.</summary>
    /// <exception cref="ArgumentException">There are not as many numbers as images.</exception>
    public static Tensor Column(IReadOnlyList<double> values, Tensor images)
    {
        if (values.Count != images.shape[0])
            throw new ArgumentException($"{values.Count} values for {images.shape[0]} images.", nameof(values));
        return tensor(values.ToArray(), [values.Count, 1, 1, 1], images.dtype, images.device);
    }
}
