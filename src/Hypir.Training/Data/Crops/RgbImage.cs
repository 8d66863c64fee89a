

using Hypir.Imaging;

namespace Hypir.Training.Data.Crops;

/// <summary>An opaque picture of 8 bits, as training uses them.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">R, G, B, row after row.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Takes a decoded picture's colours: alpha is left out, 16 bits are rounded to 8.</summary>
    public static RgbImage Of(RasterImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.BitsPerSample == 8)
            return new(picture.Width, picture.Height, picture.Rgb);
        var pixels = new byte[picture.Rgb.Length / 2];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((BitConverter.ToUInt16(picture.Rgb, 2 * i) * 255 + 32767) / 65535);
        return new(picture.Width, picture.Height, pixels);
    }

    /// <summary>As a picture to be saved.</summary>
    public RasterImage ToPicture() => new(Width, Height, 8, Pixels);
}
