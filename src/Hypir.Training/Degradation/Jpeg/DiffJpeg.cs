using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Jpeg;

/// <summary>
/// JPEG compression and decompression as tensor operations (baseline coding of ITU-T T.81 with 4:2:0 chrominance, without the lossless entropy coder,
/// which changes nothing). After Shin and Song, "JPEG-resistant adversarial images" (2017), whose smooth rounding lets a gradient through.
/// Differences from common encoders, all the reference's: transposed tables, divisors neither rounded nor limited to whole numbers, samples not rounded
/// between the steps, chrominance enlarged by repetition.
/// </summary>
public static class DiffJpeg
{
    /// <summary>Compresses and decompresses each picture.</summary>
    /// <param name="images">(B, 3, H, W) in [0, 1], any size: black is added on the right and below up to multiples of 16, and cut off again.</param>
    /// <param name="qualities">libjpeg's quality for each picture, above 0 and at most 100 (there the divisors are 0 and the result is not finite: stay below).</param>
    /// <param name="differentiable">
    /// false rounds coefficients (halves to even); true replaces rounding by <c>round(c) + (c - round(c))^3</c>, which has a gradient and loses less.
    /// </param>
    /// <returns>(B, 3, H, W) in [0, 1].</returns>
    public static Tensor Apply(Tensor images, IReadOnlyList<double> qualities, bool differentiable = false)
    {
        using var scope = NewDisposeScope();
        long height = images.shape[2], width = images.shape[3];
        var padded = nn.functional.pad(images, [0, -width & 15, 0, -height & 15]);
        var coefficients = Compress(padded, qualities, differentiable);
        var restored = Decompress(coefficients, qualities, padded.shape[2], padded.shape[3]);
        return restored.narrow(2, 0, height).narrow(3, 0, width).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>By how much the divisors are multiplied: <c>50 / quality</c> below 50, else <c>2 - quality / 50</c> (the Independent JPEG Group's rule).</summary>
    public static double Factor(double quality) => quality < 50 ? 50 / quality : 2 - quality / 50;

    /// <summary>The lossy half: colour transform, halved chrominance, cosine transform, division and rounding.</summary>
    /// <param name="images">(B, 3, H, W) in [0, 1], H and W multiples of 16.</param>
    /// <param name="qualities">One a picture.</param>
    /// <param name="differentiable">As in <see cref="Apply"/>.</param>
    public static JpegCoefficients Compress(Tensor images, IReadOnlyList<double> qualities, bool differentiable = false)
    {
        using var scope = NewDisposeScope();
        var colour = JpegColor.FromRgb(images.Times(255));
        var halved = nn.functional.avg_pool2d(colour.narrow(1, 1, 2), 2);
        var transform = BlockTransform.Matrix(images.dtype, images.device).t();
        Tensor Quantise(Tensor plane, bool luminance)
        {
            var scaled = BlockTransform.Split(plane.Minus(128)).matmul(transform) / Divisors(qualities, luminance, images);
            var rounded = scaled.round();
            return differentiable ? rounded.Plus((scaled - rounded).ToPower(3)) : rounded;
        }
        return new(Quantise(colour.select(1, 0), true).MoveToOuterDisposeScope(),
            Quantise(halved.select(1, 0), false).MoveToOuterDisposeScope(),
            Quantise(halved.select(1, 1), false).MoveToOuterDisposeScope());
    }

    /// <summary>The way back from <see cref="Compress"/>, limited to [0, 1].</summary>
    /// <param name="coefficients">What was compressed.</param>
    /// <param name="qualities">One a picture, as for compressing.</param>
    /// <param name="height">A multiple of 16.</param>
    /// <param name="width">A multiple of 16.</param>
    /// <returns>(B, 3, height, width).</returns>
    public static Tensor Decompress(JpegCoefficients coefficients, IReadOnlyList<double> qualities, long height, long width)
    {
        using var scope = NewDisposeScope();
        var transform = BlockTransform.Matrix(coefficients.Y.dtype, coefficients.Y.device);
        Tensor Plane(Tensor blocks, bool luminance) =>
            BlockTransform.Join((blocks * Divisors(qualities, luminance, blocks)).matmul(transform).Plus(128),
                luminance ? height : height / 2, luminance ? width : width / 2).unsqueeze(1);
        var chrominance = cat([Plane(coefficients.Cb, false), Plane(coefficients.Cr, false)], 1);
        var enlarged = nn.functional.interpolate(chrominance, [height, width], mode: InterpolationMode.Nearest);
        var rgb = JpegColor.ToRgb(cat([Plane(coefficients.Y, true), enlarged], 1));
        return rgb.ClampInPlace(0, 255).DivideInPlace(255).MoveToOuterDisposeScope();
    }

    /// <summary>(B, 1, 64): the table times each picture's factor.</summary>
    private static Tensor Divisors(IReadOnlyList<double> qualities, bool luminance, Tensor like)
    {
        var factors = tensor(qualities.Select(Factor).ToArray(), [qualities.Count, 1, 1], like.dtype, like.device);
        return tensor(JpegTables.Divisors(luminance), [1, 1, 64], like.dtype, like.device) * factors;
    }
}
