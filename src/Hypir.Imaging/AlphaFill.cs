using System.Numerics;
using System.Runtime.InteropServices;
using Hypir.Imaging.Color;

namespace Hypir.Imaging;

/// <summary>
/// Replaces the colours under transparency by those of the nearest visible pixels, so that a network, or a filter, that sees the colours
/// alone cannot draw what nobody saw into what everybody sees. Push-pull (Gortler et al., The Lumigraph, SIGGRAPH 1996, section 3.4).
/// </summary>
public static class AlphaFill
{
    // Below this alpha a colour counts less and less: where a program stored it premultiplied in 8 bits, a mere 4 levels are sure at 32 of
    // 255.
    private const float Trusted = 32 / 255f;

    /// <summary>Fills the colours under transparency.</summary>
    /// <param name="picture">The picture.</param>
    /// <returns>
    /// A picture with the same alpha and filled colours (a new buffer; for the time of the call, about 1.7 bytes a pixel more are taken).
    /// The same picture where it is opaque, or transparent everywhere.
    /// </returns>
    public static RasterImage Fill(RasterImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Alpha is null || !picture.Alpha.AsSpan().ContainsAnyExcept((byte)0))
            return picture;
        byte[] filled = GC.AllocateUninitializedArray<byte>(picture.Rgb.Length);
        if (picture.BitsPerSample == 8)
            Fill<byte>(picture, filled);
        else
            Fill<ushort>(picture, filled);
        return new RasterImage(picture.Width, picture.Height, picture.BitsPerSample, filled, picture.Alpha, picture.Metadata);
    }

    private static void Fill<T>(RasterImage picture, byte[] filled)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var rgb = MemoryMarshal.Cast<byte, T>(picture.Rgb);
        var alpha = MemoryMarshal.Cast<byte, T>(picture.Alpha);
        var target = MemoryMarshal.Cast<byte, T>(filled.AsSpan());
        var cells = ColorCells.Gather(rgb, alpha, picture.Width, picture.Height, Trusted);
        cells.Complete();
        for (int y = 0, pixel = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++, pixel++)
            {
                float trust = ColorCells.Trust(alpha[pixel], Trusted);
                var own = ColorCells.Colour(rgb, pixel);
                var colour = trust >= 1 ? own : Vector4.Lerp(cells.At(x, y), own, trust);
                target[3 * pixel] = T.CreateTruncating(colour.X + 0.5f);
                target[3 * pixel + 1] = T.CreateTruncating(colour.Y + 0.5f);
                target[3 * pixel + 2] = T.CreateTruncating(colour.Z + 0.5f);
            }
        }
    }
}
