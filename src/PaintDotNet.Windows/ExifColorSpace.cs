namespace PaintDotNet.Imaging;

public enum ExifColorSpace : ushort
{
    /// <summary>The value that the Exif standard gives it.</summary>
    Srgb = 1,
}
