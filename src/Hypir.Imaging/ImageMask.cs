namespace Hypir.Imaging;

/// <summary>
/// Says how much of each pixel is changed: 0 leaves it as it is, 255 changes it fully. Read from an image: white is 255, black and
/// transparent are 0.
/// </summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Shares">One byte per pixel.</param>
public sealed record ImageMask(int Width, int Height, byte[] Shares)
{
    /// <summary>Reads a mask.</summary>
    /// <param name="path">An image file.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <exception cref="ImageException">The file cannot be read, or contains no white.</exception>
    public static ImageMask Load(string path, CancellationToken cancellation = default)
    {
        var image = ImageFile.Load(path, cancellation: cancellation);
        int step = image.BitsPerSample / 8;
        byte[] shares = new byte[image.Width * image.Height];
        for (int i = 0; i < shares.Length; i++)
        {
            // The weights of BT.601 for gamma-encoded samples; gray gives itself.
            (int red, int green, int blue) = (Sample(image.Rgb, 3 * i), Sample(image.Rgb, 3 * i + 1), Sample(image.Rgb, 3 * i + 2));
            int gray = (299 * red + 587 * green + 114 * blue + 500) / 1000;
            shares[i] = (byte)(image.Alpha is null ? gray : (gray * Sample(image.Alpha, i) + 127) / 255);
        }

        return shares.AsSpan().ContainsAnyExcept((byte)0) ? new(image.Width, image.Height, shares)
            : throw new ImageException(path, "This mask is black: nothing would be restored.", "Paint white what should be restored.");

        // To 8 bits, rounded.
        int Sample(byte[] samples, int at) => step == 1 ? samples[at] : (BitConverter.ToUInt16(samples, 2 * at) * 255 + 32767) / 65535;
    }

    /// <summary>The shares as a gray image.</summary>
    public RasterImage ToImage()
    {
        byte[] rgb = new byte[3 * Shares.Length];
        for (int i = 0; i < Shares.Length; i++)
            rgb.AsSpan(3 * i, 3).Fill(Shares[i]);
        return new(Width, Height, 8, rgb, null, ImageMetadata.None with { Gray = true });
    }

    /// <summary>The smallest rectangle that contains all that is not 0.</summary>
    public (int X, int Y, int Width, int Height) Bounds()
    {
        int left = Width, right = 0, top = Height, bottom = 0;
        for (int y = 0; y < Height; y++)
        {
            var row = Shares.AsSpan(y * Width, Width);
            int first = row.IndexOfAnyExcept((byte)0);
            if (first < 0)
                continue;
            (top, bottom) = (Math.Min(top, y), y + 1);
            (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOfAnyExcept((byte)0) + 1));
        }

        return (left, top, right - left, bottom - top);
    }

    /// <summary>Copies a rectangle; what lies outside of the mask is 0.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public ImageMask Cut(int x, int y, int width, int height)
    {
        byte[] shares = new byte[width * height];
        int from = Math.Max(x, 0), to = Math.Min(x + width, Width);
        for (int row = Math.Max(y, 0); row < Math.Min(y + height, Height) && from < to; row++)
            Shares.AsSpan(row * Width + from, to - from).CopyTo(shares.AsSpan((row - y) * width + from - x));
        return new(width, height, shares);
    }
}
