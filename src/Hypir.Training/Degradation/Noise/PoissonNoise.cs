using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Noise;

/// <summary>
/// Photon noise: an image is taken for expected counts of light, counts are drawn, and the deviation is added in any strength. How many
/// counts white stands for follows the image itself: the next power of two above its number of distinct levels, so that an image of few
/// tones is noisier.
/// </summary>
public static class PoissonNoise
{
    /// <summary>
    /// With q the image on its 256 levels and v = 2^ceil(log2(number of distinct levels in q)): <c>out = x + scale (P(v q) / v - q)</c>,
    /// where P(r) is a Poisson variable of rate r. Gray noise takes the image's luminance (ITU-R BT.601) for q, in all channels. Not
    /// limited to [0, 1].
    /// </summary>
    /// <param name="images">(B, C, H, W); values outside [0, 1] are limited before counting.</param>
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
    /// How many different levels each image of a batch has, all channels together. It marks each level that occurs: many times quicker
    /// than sorting the samples, as a general search for distinct values does.
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

/// <summary>Additive white Gaussian noise, each image's in color or in gray.</summary>
public static class GaussianNoise
{
    /// <summary>
    /// <c>out = x + sigma / 255 * n</c> with n standard normal: for a colored image a number of its own for every sample, for a gray one
    /// a number for every pixel, the same in all channels and the same for all gray images of the batch. Not limited to [0, 1].
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
