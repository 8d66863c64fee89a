namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>Brings rows of double size back to size: each pixel is the mean of four, weighted by alpha, as transparent pixels' colours mean nothing.</summary>
/// <param name="width">Columns of the result.</param>
/// <param name="emit">Takes each row of the result, from the top.</param>
internal sealed class HalvingRows(int width, Action<int, ReadOnlySpan<byte>> emit)
{
    private readonly byte[] _upper = new byte[width * 8];
    private readonly byte[] _row = new byte[width * 4];

    /// <summary>Takes rows of the double-sized picture, from the top.</summary>
    public void Take(int firstRow, ReadOnlySpan<byte> rows)
    {
        for (int row = firstRow; !rows.IsEmpty; row++, rows = rows[_upper.Length..])
        {
            ReadOnlySpan<byte> one = rows[.._upper.Length];
            if ((row & 1) == 0)
            {
                one.CopyTo(_upper);
                continue;
            }
            for (int x = 0; x < width; x++)
                Mean(_upper.AsSpan(x * 8, 8), one.Slice(x * 8, 8), _row.AsSpan(x * 4, 4));
            emit(row / 2, _row);
        }
    }

    private static void Mean(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> pixel)
    {
        int a = upper[3], b = upper[7], c = lower[3], d = lower[7], sum = a + b + c + d;
        if (sum == 0)
            (a, b, c, d) = (1, 1, 1, 1);
        int weights = a + b + c + d;
        for (int i = 0; i < 3; i++)
            pixel[i] = (byte)((upper[i] * a + upper[i + 4] * b + lower[i] * c + lower[i + 4] * d + weights / 2) / weights);
        pixel[3] = (byte)((sum + 2) / 4);
    }
}
