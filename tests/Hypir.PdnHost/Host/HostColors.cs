using PaintDotNet.Imaging;

namespace Hypir.PdnHost.Host;

/// <summary>A color space that is sRGB with another curve, so that a conversion that is left out or goes the wrong way shows.</summary>
internal sealed class HostColors(Ledger? ledger, double exponent) : Counted(ledger), IColorContext
{
    public double Exponent { get; } = exponent;

    public ExifColorSpace ExifColorSpace => Exponent == 1 ? ExifColorSpace.Srgb : (ExifColorSpace)0xFFFF;

    /// <summary>A sample of this space as one of another.</summary>
    public byte To(HostColors other, byte sample) => (byte)Math.Round(255 * Math.Pow(sample / 255.0, other.Exponent / Exponent));

    public ReadOnlyMemory<byte> GetProfileBytes() => BitConverter.GetBytes(Exponent);

    public bool Equals(IColorContext? other) => other is HostColors colors && colors.Exponent == Exponent;

    public override bool Equals(object? obj) => Equals(obj as IColorContext);

    public override int GetHashCode() => Exponent.GetHashCode();
}
