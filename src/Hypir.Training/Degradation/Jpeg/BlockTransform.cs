using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Jpeg;

/// <summary>
/// The orthonormal two-dimensional cosine transform of 8x8 blocks (ITU-T T.81, A.3.3) as one product with a 64x64 matrix, the Kronecker square of the
/// one-dimensional one: a single large matrix product instead of thousands of tiny ones.
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

    /// <summary>Cuts planes into blocks.</summary>
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
