using Hypir.Imaging.Jpeg;
using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Jpeg;

/// <summary>
/// JPEG compression and decompression as tensor operations (baseline coding of ITU-T T.81 with 4:2:0 chrominance, without the lossless
/// entropy coder, which changes nothing). After Shin and Song, "JPEG-resistant adversarial images" (2017), whose smooth rounding has a
/// gradient. Differences from common encoders, all as in the reference: transposed tables, divisors neither rounded nor limited to whole
/// numbers, samples not rounded between the steps, chrominance enlarged by repetition.
/// </summary>
public static class DiffJpeg
{
    /// <summary>Compresses and decompresses each image.</summary>
    /// <param name="images">(B, 3, H, W) in [0, 1], any size: padded with black on the right and bottom to multiples of 16, and cropped
    /// afterwards.</param>
    /// <param name="qualities">
    /// libjpeg's quality for each image, above 0 and at most 100 (there the divisors are 0 and the result is not finite: stay below).
    /// </param>
    /// <param name="differentiable">
    /// false rounds coefficients (halves to even); true replaces rounding by <c>round(c) + (c - round(c))^3</c>, which has a gradient and
    /// loses less.
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

    /// <summary>
    /// The factor for the divisors: <c>50 / quality</c> below 50, else <c>2 - quality / 50</c> (the Independent JPEG Group's rule).
    /// </summary>
    public static double Factor(double quality) => quality < 50 ? 50 / quality : 2 - quality / 50;

    /// <summary>The lossy half: color transform, halved chrominance, cosine transform, division and rounding.</summary>
    /// <param name="images">(B, 3, H, W) in [0, 1], H and W multiples of 16.</param>
    /// <param name="qualities">One per image.</param>
    /// <param name="differentiable">As in <see cref="Apply"/>.</param>
    public static JpegCoefficients Compress(Tensor images, IReadOnlyList<double> qualities, bool differentiable = false)
    {
        using var scope = NewDisposeScope();
        var color = JpegColor.FromRgb(images.Times(255));
        var halved = nn.functional.avg_pool2d(color.narrow(1, 1, 2), 2);
        var transform = BlockTransform.Matrix(images.dtype, images.device).t();
        Tensor Quantise(Tensor plane, bool luminance)
        {
            var scaled = BlockTransform.Split(plane.Minus(128)).matmul(transform) / Divisors(qualities, luminance, images);
            var rounded = scaled.round();
            return differentiable ? rounded.Plus((scaled - rounded).ToPower(3)) : rounded;
        }
        return new(Quantise(color.select(1, 0), true).MoveToOuterDisposeScope(),
            Quantise(halved.select(1, 0), false).MoveToOuterDisposeScope(),
            Quantise(halved.select(1, 1), false).MoveToOuterDisposeScope());
    }

    /// <summary>Reverses <see cref="Compress"/>, clamped to [0, 1].</summary>
    /// <param name="coefficients">The compressed coefficients.</param>
    /// <param name="qualities">One per image, as for compressing.</param>
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

    /// <summary>(B, 1, 64): the table times each image's factor.</summary>
    private static Tensor Divisors(IReadOnlyList<double> qualities, bool luminance, Tensor like)
    {
        var factors = tensor(qualities.Select(Factor).ToArray(), [qualities.Count, 1, 1], like.dtype, like.device);
        return tensor(JpegTables.Divisors(luminance), [1, 1, 64], like.dtype, like.device) * factors;
    }
}

/// <summary>
/// The orthonormal two-dimensional cosine transform of 8x8 blocks (ITU-T T.81, A.3.3) as one product with a 64x64 matrix, the Kronecker
/// square of the one-dimensional one: a single large matrix product instead of thousands of tiny ones.
/// </summary>
internal static class BlockTransform
{
    /// <summary>The matrix D with <c>coefficients = D samples</c> for a block in row order; its transpose is its inverse.</summary>
    public static Tensor Matrix(ScalarType type, Device device)
    {
        var matrix = new double[64, 64];
        for (int frequency = 0; frequency < 64; frequency++)
            for (int sample = 0; sample < 64; sample++)
                matrix[frequency, sample] = Wave(frequency / 8, sample / 8) * Wave(frequency % 8, sample % 8);
        return tensor(matrix, type, device);
    }

    /// <summary>Splits planes into blocks.</summary>
    /// <param name="planes">(B, H, W), sizes multiples of 8.</param>
    /// <returns>(B, H/8 * W/8, 64), blocks and samples in row order.</returns>
    public static Tensor Split(Tensor planes)
    {
        long batch = planes.shape[0], rows = planes.shape[1] / 8, columns = planes.shape[2] / 8;
        return planes.reshape([batch, rows, 8, columns, 8]).permute(0, 1, 3, 2, 4).reshape(batch, rows * columns, 64);
    }

    /// <summary>Undoes <see cref="Split"/>.</summary>
    public static Tensor Join(Tensor blocks, long height, long width)
    {
        long batch = blocks.shape[0], rows = height / 8, columns = width / 8;
        return blocks.reshape([batch, rows, columns, 8, 8]).permute(0, 1, 3, 2, 4).reshape(batch, height, width);
    }

    private static double Wave(int frequency, int sample) =>
        Math.Cos((2 * sample + 1) * frequency * Math.PI / 16) * (frequency == 0 ? Math.Sqrt(0.125) : 0.5);
}

/// <summary>
/// The contents of a JPEG file: quantized cosine coefficients in units of their divisors, blocks in row order, (B, blocks, 64) each.
/// </summary>
/// <param name="Y">Luminance.</param>
/// <param name="Cb">Blue difference, at half the size in both directions.</param>
/// <param name="Cr">Red difference, likewise.</param>
public sealed record JpegCoefficients(Tensor Y, Tensor Cb, Tensor Cr);

/// <summary>The color transform of JFIF (ITU-T T.871): full-range YCbCr with BT.601 weights, in levels of 255.</summary>
internal static class JpegColor
{
    private static readonly double[,] Forward = { { 0.299, 0.587, 0.114 }, { -0.168736, -0.331264, 0.5 }, { 0.5, -0.418688, -0.081312 } };
    private static readonly double[,] Backward = { { 1, 0, 1.402 }, { 1, -0.344136, -0.714136 }, { 1, 1.772, 0 } };

    /// <summary>R, G, B to Y, Cb, Cr, all in [0, 255] with 128 for neutral.</summary>
    public static Tensor FromRgb(Tensor images) => Mix(images, Forward).Plus(Neutral(images));

    /// <summary>Y, Cb, Cr to R, G, B, not clamped.</summary>
    public static Tensor ToRgb(Tensor images) => Mix(images - Neutral(images), Backward);

    private static Tensor Neutral(Tensor images) => tensor([0.0, 128, 128], [1, 3, 1, 1], images.dtype, images.device);

    private static Tensor Mix(Tensor images, double[,] matrix) =>
        tensor(matrix, images.dtype, images.device).matmul(images.flatten(2)).reshape(images.shape);
}

/// <summary>
/// The quantization tables of ITU-T T.81 annex K, transposed: the reference has them transposed relative to the standard, and its weights
/// were trained that way. Only the luminance table is not symmetric.
/// </summary>
internal static class JpegTables
{
    /// <summary>Chrominance (table K.2).</summary>
    private static ReadOnlySpan<byte> Chrominance =>
    [
        17, 18, 24, 47, 99, 99, 99, 99,
        18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99,
        47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ];

    /// <summary>The 64 divisors of a block of luminance or chrominance at quality 50, row after row of the transposed table.</summary>
    public static double[] Divisors(bool luminance)
    {
        ReadOnlySpan<byte> standard = luminance ? JpegQuality.Luma : Chrominance;
        var transposed = new double[64];
        for (int i = 0; i < 64; i++)
            transposed[i] = standard[i % 8 * 8 + i / 8];
        return transposed;
    }
}
