namespace PaintDotNet.Imaging;

public struct ColorAlpha8 : INaturalPixelInfo, IEquatable<ColorAlpha8>
{
    public ColorAlpha8(byte a) => A = a;

    public byte A { readonly get; set; }

    readonly int INaturalPixelInfo.BytesPerPixel => 1;

    readonly PixelFormat IPixelInfo.PixelFormat => PixelFormats.Alpha8;

    public static bool operator ==(ColorAlpha8 a, ColorAlpha8 b) => a.Equals(b);

    public static bool operator !=(ColorAlpha8 a, ColorAlpha8 b) => !a.Equals(b);

    public readonly bool Equals(ColorAlpha8 other) => A == other.A;

    public override readonly bool Equals(object? obj) => obj is ColorAlpha8 other && Equals(other);

    public override readonly int GetHashCode() => A;
}
