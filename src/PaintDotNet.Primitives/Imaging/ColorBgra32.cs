namespace PaintDotNet.Imaging;

public struct ColorBgra32 : INaturalPixelInfo, IEquatable<ColorBgra32>
{
    public ColorBgra32(uint bgra) => Bgra = bgra;

    public uint Bgra { readonly get; set; }

    readonly int INaturalPixelInfo.BytesPerPixel => 4;

    readonly PixelFormat IPixelInfo.PixelFormat => PixelFormats.Bgra32;

    public static bool operator ==(ColorBgra32 a, ColorBgra32 b) => a.Equals(b);

    public static bool operator !=(ColorBgra32 a, ColorBgra32 b) => !a.Equals(b);

    public readonly bool Equals(ColorBgra32 other) => Bgra == other.Bgra;

    public override readonly bool Equals(object? obj) => obj is ColorBgra32 other && Equals(other);

    public override readonly int GetHashCode() => (int)Bgra;
}
