using System.Runtime.InteropServices;
using Hypir.PdnEffect.ViewModel;

namespace Hypir.PdnEffect.Tests.Support;

/// <summary>A layer in memory. Another color space than sRGB is one whose samples are complements.</summary>
internal sealed class TestLayer : ILayerPixels
{
    private readonly bool _complement;

    public TestLayer(int width, int height, int seed = 1, Region? selection = null, bool transparent = false, bool complement = false)
    {
        Bounds = new(0, 0, width, height);
        Selection = selection ?? Bounds;
        _complement = complement;
        Pixels = new uint[width * height];
        var random = new Random(seed);
        for (int i = 0; i < Pixels.Length; i++)
        {
            uint Level(int channel) =>
                (uint)
                    Math.Clamp(
                        120 + 70 * Math.Sin(i % width * 0.09 + channel) * Math.Cos(i / width * 0.07 + seed) + random.Next(-10, 11), 0, 255);
            uint alpha = transparent ? (uint)Math.Clamp(i % width * 400 / width - 60, 0, 255) : 255;
            Pixels[i] = Level(0) | Level(1) << 8 | Level(2) << 16 | alpha << 24;
        }
    }

    public uint[] Pixels { get; }

    /// <summary>The selection's mask.</summary>
    public Func<int, int, byte> Mask { get; init; } = (_, _) => 255;

    public Region Bounds { get; }

    public Region Selection { get; }

    public string ColorSpace => _complement ? "complement" : "sRGB";

    public void Read(int x, int y, int width, Span<byte> rows)
    {
        for (int row = 0; row * width * 4 < rows.Length; row++)
            MemoryMarshal.AsBytes(Pixels.AsSpan((y + row) * Bounds.Width + x, width)).CopyTo(rows[(row * width * 4)..]);
    }

    public void ReadSrgb(int x, int y, int width, Span<byte> rows)
    {
        Read(x, y, width, rows);
        for (int i = 0; _complement && i < rows.Length; i++)
            rows[i] = i % 4 == 3 ? rows[i] : (byte)(255 - rows[i]);
    }

    public void FromSrgb(int width, Span<byte> rows)
    {
        // Alpha is left in a state that only the effect's own care puts right.
        for (int i = 0; _complement && i < rows.Length; i++)
            rows[i] = (byte)(255 - rows[i]);
    }

    public void ToSrgb(int width, Span<byte> rows)
    {
        for (int i = 0; _complement && i < rows.Length; i++)
            rows[i] = i % 4 == 3 ? rows[i] : (byte)(255 - rows[i]);
    }

    public void ReadMask(int x, int y, int width, Span<byte> rows)
    {
        for (int i = 0; i < rows.Length; i++)
            rows[i] = Mask(x + i % width, y + i / width);
    }
}
