using System.Runtime.Intrinsics;

namespace Hypir.Imaging.Jpeg;

/// <summary>
/// The orthonormal discrete cosine transform of 8x8 samples, in which JPEG's quantization steps are defined (ITU T.81, A.3.3).
/// </summary>
internal static class BlockTransform
{
    /// <summary>Samples in a block.</summary>
    public const int Size = 64;

    private const int Side = 8;

    // Row u holds the samples of the cosine of frequency u.
    private static readonly Vector256<float>[] Cosines = Basis(transposed: false);
    private static readonly Vector256<float>[] Samples = Basis(transposed: true);

    /// <summary>Samples, row after row, to coefficients in natural order.</summary>
    /// <param name="samples">64 samples, centered at 0.</param>
    /// <param name="coefficients">Receives 64 coefficients; may be the samples' own memory.</param>
    public static void Forward(ReadOnlySpan<float> samples, Span<float> coefficients) => Apply(Cosines, Samples, samples, coefficients);

    /// <summary>Coefficients in natural order to samples.</summary>
    /// <param name="coefficients">64 coefficients.</param>
    /// <param name="samples">Receives 64 samples; may be the coefficients' own memory.</param>
    public static void Inverse(ReadOnlySpan<float> coefficients, Span<float> samples) => Apply(Samples, Cosines, coefficients, samples);

    /// <summary>left · x · right, where the rows of both matrices are given.</summary>
    private static void Apply(Vector256<float>[] left, Vector256<float>[] right, ReadOnlySpan<float> x, Span<float> y)
    {
        Span<Vector256<float>> rows = stackalloc Vector256<float>[Side];
        for (int i = 0; i < Side; i++)
            rows[i] = Combine(right, Vector256.Create(x.Slice(Side * i, Side)));
        for (int i = 0; i < Side; i++)
            Combine(rows, left[i]).CopyTo(y.Slice(Side * i, Side));
    }

    /// <summary>The sum of the rows, each times its element of the weights.</summary>
    private static Vector256<float> Combine(ReadOnlySpan<Vector256<float>> rows, Vector256<float> weights)
    {
        Vector256<float> sum = rows[0] * weights[0];
        for (int i = 1; i < Side; i++)
            sum += rows[i] * weights[i];
        return sum;
    }

    private static Vector256<float>[] Basis(bool transposed)
    {
        var rows = new Vector256<float>[Side];
        Span<float> row = stackalloc float[Side];
        for (int i = 0; i < Side; i++)
        {
            for (int j = 0; j < Side; j++)
            {
                (int frequency, int sample) = transposed ? (j, i) : (i, j);
                row[j] = (float)(Math.Sqrt(frequency == 0 ? 0.125 : 0.25) * Math.Cos((2 * sample + 1) * frequency * Math.PI / 16));
            }

            rows[i] = Vector256.Create<float>(row);
        }

        return rows;
    }
}
