namespace Hypir.Imaging;

/// <summary>Copies rectangles of interleaved samples.</summary>
public static class Planes
{
    /// <summary>Copies a rectangle out of an image.</summary>
    /// <param name="samples">The image's samples, row after row without padding.</param>
    /// <param name="pixelBytes">Bytes of a pixel.</param>
    /// <param name="imageWidth">Pixels in a row of the image.</param>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns; the rectangle must lie within the image.</param>
    /// <param name="height">Rows.</param>
    public static byte[] Cut(byte[] samples, int pixelBytes, int imageWidth, int x, int y, int width, int height)
    {
        byte[] part = GC.AllocateUninitializedArray<byte>(checked(width * height * pixelBytes));
        int row = width * pixelBytes;
        for (int i = 0; i < height; i++)
            samples.AsSpan(checked(((y + i) * imageWidth + x) * pixelBytes), row).CopyTo(part.AsSpan(i * row));
        return part;
    }
}
