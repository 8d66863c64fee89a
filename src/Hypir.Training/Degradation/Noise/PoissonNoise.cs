using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Noise;

/// <summary>
/// Photon noise: an image is interpreted as expected photon counts, counts are drawn, and the deviation is added with a given strength. The
/// count for white depends on the image: the next power of two above its number of distinct levels, so images with few tones are noisier.
/// </summary>
public static class PoissonNoise
{
    /// <summary>
    /// With q the image on its 256 levels and v = 2^ceil(log2(number of distinct levels in q)): <c>out = x + scale (P(v q) / v - q)</c>,
    /// where P(r) is a Poisson variable of rate r. Gray noise uses the image's luminance (ITU-R BT.601) for q, in all channels. Not clamped
    /// to [0, 1].
    /// </summary>
    /// <param name="images">(B, C, H, W); values outside [0, 1] are clamped before counting.</param>
    /// <param name="scales">Strength for each image; 1 is the physical one.</param>
    /// <param name="gray">Whether each image's noise is gray; needs three channels.</param>
    /// <param name="draws">The counts. Fields that no image uses are not drawn.</param>
    /// <returns>(B, C, H, W).</returns>
    public static Tensor Add(Tensor images, IReadOnlyList<double> scales, IReadOnlyList<bool> gray, INoiseDraws draws)
    {
        using var scope = NewDisposeScope();
        var field = NoiseMix.Fields(gray, images,
            () => Deviation(Luminance(images), draws.GreyCounts),
            () => Deviation(images, draws.ColorCounts));
        return images.Plus(field * PerImage.Column(scales, images)).MoveToOuterDisposeScope();
    }

    private static Tensor Deviation(Tensor images, Func<Tensor, Tensor> counts)
    {
        using var scope = NewDisposeScope();
        var levels = images.Times(255).round_().ClampInPlace(0, 255);
        double[] peaks = [.. Distinct(levels).Select(count => Math.Pow(2, Math.Ceiling(Math.Log2(count))))];
        var peak = PerImage.Column(peaks, images);
        var expected = levels.DividedBy(255);
        return (counts(expected * peak) / peak - expected).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The number of distinct levels of each image in a batch, over all channels. Marking the levels is many times faster than sorting the
    /// samples, as a general search for distinct values would.
    /// </summary>
    private static long[] Distinct(Tensor levels)
    {
        var seen = zeros([levels.shape[0], 256], int64, levels.device);
        var index = levels.to(int64).flatten(1);
        seen.scatter_(1, index, ones_like(index));
        return seen.sum(1).data<long>().ToArray();
    }

    private static Tensor Luminance(Tensor images)
    {
        var weights = tensor([0.2989, 0.587, 0.114], [1, 3, 1, 1], images.dtype, images.device);
        return (images * weights).sum(1, keepdim: true);
    }
}

/// <summary>Additive white Gaussian noise, in color or in gray for each image.</summary>
public static class GaussianNoise
{
    /// <summary>
    /// <c>out = x + sigma / 255 * n</c> with n standard normal: for colored noise a separate number for every sample; for gray noise one
    /// for every pixel, the same in all channels and for all gray images of the batch. Not clamped to [0, 1].
    /// </summary>
    /// <param name="images">(B, C, H, W) in [0, 1].</param>
    /// <param name="sigmas">Standard deviation for each image, in levels of 255.</param>
    /// <param name="gray">Whether each image's noise is gray.</param>
    /// <param name="draws">The normal numbers. Fields that no image uses are not drawn.</param>
    /// <returns>(B, C, H, W).</returns>
    public static Tensor Add(Tensor images, IReadOnlyList<double> sigmas, IReadOnlyList<bool> gray, INoiseDraws draws)
    {
        using var scope = NewDisposeScope();
        var scale = PerImage.Column(sigmas, images).DividedBy(255);
        var field = NoiseMix.Fields(gray, images,
            () => draws.GreyNormal(images.shape[2], images.shape[3], images).reshape(1, 1, images.shape[2], images.shape[3]),
            () => draws.ColorNormal(images));
        return images.Plus(field * scale).MoveToOuterDisposeScope();
    }
}
