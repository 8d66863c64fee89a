using Hypir.Imaging.Color;
using NetVips;

namespace Hypir.Imaging.Vips;

/// <summary>Collects a picture's samples as its file has them, upright, for <see cref="OwnColors"/>.</summary>
/// <param name="image">The opened file.</param>
/// <param name="colors">Its bands of color: 1, 3 or 4.</param>
/// <param name="orientation">How it is stored, 1 to 8.</param>
internal sealed class OwnBuffer(Image image, int colors, int orientation)
{
    private readonly bool _wide = image.Format == Enums.BandFormat.Ushort;
    private readonly int _bands = image.Bands;
    private readonly UprightBuffer _buffer = new(image.Width, image.Height, orientation, image.Format == Enums.BandFormat.Ushort ? 16 : 8, hasAlpha: colors == 4);

    /// <summary>Takes the next rows.</summary>
    internal void Write(StripReader.Strip strip)
    {
        if (colors > 1)
            _buffer.Write(0, strip.Top, image.Width, strip.Samples.Span, _bands);
        else
            _buffer.Write(0, strip.Top, image.Width, Tripled(strip.Samples.Span), 3);
    }

    /// <summary>The samples, once all rows are there.</summary>
    internal OwnColors ToOwnColors() => new(_buffer.Width, _buffer.Height, colors, _wide, _buffer.Rgb, _buffer.Alpha);

    private byte[] Tripled(ReadOnlySpan<byte> samples)
    {
        int size = _wide ? 2 : 1, pixels = samples.Length / (_bands * size);
        byte[] tripled = new byte[3 * size * pixels];
        for (int i = 0; i < pixels; i++)
        {
            var gray = samples.Slice(i * _bands * size, size);
            for (int c = 0; c < 3; c++)
                gray.CopyTo(tripled.AsSpan((3 * i + c) * size));
        }
        return tripled;
    }
}
