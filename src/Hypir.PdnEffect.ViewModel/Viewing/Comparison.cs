using Hypir.PdnEffect.ViewModel.Results;

namespace Hypir.PdnEffect.ViewModel.Viewing;

/// <summary>
/// Draws a layer before and after, for the screen: in sRGB, with a checkerboard behind transparent pixels. Like the host, it applies the
/// selection mask.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="beside">Gray level outside the layer, 0 … 255.</param>
public sealed class Comparison(ILayerPixels layer, byte beside = 128)
{
    private const int Samples = 3;
    private const int Square = 8;
    private const byte Light = 255, Dark = 214;

    /// <summary>Draws the layer.</summary>
    /// <param name="view">The visible part.</param>
    /// <param name="result">The result to blend in, or null for the unchanged layer.</param>
    /// <param name="strength">Per cent.</param>
    /// <param name="target">Receives opaque pixels, row by row; blue is the lowest byte.</param>
    public void Draw(Viewport view, RestoredRegion? result, int strength, Span<uint> target)
    {
        Region bounds = layer.Bounds;
        int left = Math.Clamp((int)Math.Floor(view.LayerX(0)), 0, bounds.Width),
            right = Math.Clamp((int)Math.Ceiling(view.LayerX(view.Width)), left, bounds.Width);
        uint[] row = new uint[right - left];
        byte[] mask = new byte[right - left];
        int samples = Math.Clamp((int)Math.Ceiling(1 / view.Zoom), 1, Samples), last = -1;
        int[] sums = new int[view.Width * 5];
        for (int y = 0; y < view.Height; y++)
        {
            Array.Clear(sums);
            for (int s = 0; s < samples && row.Length > 0; s++)
            {
                int from = (int)Math.Floor(view.LayerY(y + (s + 0.5) / samples));
                if (from < 0 || from >= bounds.Height)
                    continue;
                if (from != last)
                    Read(from, left, row, mask, result, strength);
                last = from;
                Add(view, samples, left, row, sums);
            }
            Put(y, sums, target.Slice(y * view.Width, view.Width));
        }
    }

    private void Read(int y, int left, uint[] row, byte[] mask, RestoredRegion? result, int strength)
    {
        Span<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(row.AsSpan());
        if (result is null || strength == 0)
        {
            layer.ReadSrgb(left, y, row.Length, bytes);
            return;
        }
        layer.Read(left, y, row.Length, bytes);
        uint[] before = [.. row];
        result.Blend(left, y, row, strength);
        layer.ReadMask(left, y, row.Length, mask);
        for (int i = 0; i < row.Length; i++)
            row[i] = mask[i] == 255 || row[i] == before[i] ? row[i] : Lerp(before[i], row[i], mask[i]);
        layer.ToSrgb(row.Length, bytes);
    }

    /// <summary>Colors are weighted by alpha.</summary>
    private static void Add(Viewport view, int samples, int left, uint[] row, int[] sums)
    {
        for (int x = 0; x < view.Width; x++)
        {
            for (int s = 0; s < samples; s++)
            {
                int at = (int)Math.Floor(view.LayerX(x + (s + 0.5) / samples)) - left;
                if (at < 0 || at >= row.Length)
                    continue;
                uint pixel = row[at];
                int alpha = (int)(pixel >> 24);
                Span<int> sum = sums.AsSpan(5 * x, 5);
                sum[0] += (int)(pixel & 255) * alpha;
                sum[1] += (int)((pixel >> 8) & 255) * alpha;
                sum[2] += (int)((pixel >> 16) & 255) * alpha;
                sum[3] += alpha;
                sum[4]++;
            }
        }
    }

    private void Put(int y, int[] sums, Span<uint> target)
    {
        for (int x = 0; x < target.Length; x++)
        {
            ReadOnlySpan<int> sum = sums.AsSpan(5 * x, 5);
            int under = sum[4] == 0 ? beside
                : ((x / Square) + (y / Square)) % 2 == 0 ? Light
                : Dark,
                most = 255 * Math.Max(1, sum[4]),
                alpha = sum[3];
            uint Level(int color) => (uint)((color + under * (most - alpha) + most / 2) / most);
            target[x] = Level(sum[0]) | Level(sum[1]) << 8 | Level(sum[2]) << 16 | 0xFF000000;
        }
    }

    private static uint Lerp(uint before, uint after, uint mask)
    {
        uint mixed = 0;
        for (int shift = 0; shift < 32; shift += 8)
            mixed |= (((before >> shift) & 255) * (255 - mask) + ((after >> shift) & 255) * mask + 127) / 255 << shift;
        return mixed;
    }
}
