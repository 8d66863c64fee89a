using System.Runtime.InteropServices;

namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>
/// Receives the engine's rows and keeps those of the selection, in the document's colors and with the layer's alpha. It needs memory for
/// only one row beyond the result.
/// </summary>
internal sealed class ResultWriter
{
    private readonly ILayerPixels _layer;
    private readonly ResultKey _key;
    private readonly byte[] _original;

    public ResultWriter(ILayerPixels layer, ResultKey key)
    {
        if (key.Region.Area > Array.MaxLength)
            throw new ImageTooLargeException();
        (_layer, _key) = (layer, key);
        Pixels = GC.AllocateUninitializedArray<uint>((int)key.Region.Area);
        _original = new byte[key.Region.Width * 4];
    }

    public uint[] Pixels { get; }

    /// <summary>Receives a row of the context in sRGB.</summary>
    public void Take(int row, ReadOnlySpan<byte> pixels)
    {
        Region region = _key.Region, context = _key.Context;
        int y = context.Y + row;
        if (y < region.Y || y >= region.Bottom)
            return;
        Span<byte> target = MemoryMarshal.AsBytes(Pixels.AsSpan((int)((long)(y - region.Y) * region.Width), region.Width));
        pixels.Slice((region.X - context.X) * 4, target.Length).CopyTo(target);
        _layer.FromSrgb(region.Width, target);
        // Alpha comes from the layer: the model restores only colors, and resampling would blur alpha.
        _layer.Read(region.X, y, region.Width, _original);
        for (int i = 3; i < target.Length; i += 4)
            target[i] = _original[i];
    }

    /// <summary>Receives any number of rows of the context.</summary>
    public void TakeRows(int firstRow, ReadOnlySpan<byte> rows)
    {
        int bytes = _key.Context.Width * 4;
        for (int row = firstRow; !rows.IsEmpty; row++, rows = rows[bytes..])
            Take(row, rows[..bytes]);
    }
}

/// <summary>
/// Halves rows of double size: each pixel is the mean of four, weighted by alpha because the colors of transparent pixels are meaningless.
/// </summary>
/// <param name="width">Columns of the result.</param>
/// <param name="emit">Receives each row of the result, from the top.</param>
internal sealed class HalvingRows(int width, Action<int, ReadOnlySpan<byte>> emit)
{
    private readonly byte[] _upper = new byte[width * 8];
    private readonly byte[] _row = new byte[width * 4];

    /// <summary>Receives rows of the double-size image, from the top.</summary>
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
