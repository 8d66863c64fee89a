using PaintDotNet.Imaging;

namespace Hypir.PdnHost.Host;

/// <summary>Makes bitmaps and color contexts.</summary>
internal sealed class HostFactory(Ledger ledger) : Counted(null), IImagingFactory
{
    public IBitmap CreateBitmap(int width, int height, in PixelFormat pixelFormat) => pixelFormat == PixelFormats.Bgra32
        ? HostBitmap<ColorBgra32>.Blank(ledger, width, height) : throw new NotSupportedException("The host knows Bgra32 only.");

    public IColorContext CreateColorContext(ExifColorSpace exifColorSpace) => exifColorSpace == ExifColorSpace.Srgb
        ? new HostColors(ledger, 1) : throw new NotSupportedException("The host knows sRGB only.");

    public IBitmapSource CreateColorTransformedBitmap(
        IBitmapSource source,
        IColorContext sourceContext,
        IColorContext dstContext,
        in PixelFormat dstPixelFormat
    ) => new HostTransform(ledger, source, (HostColors)sourceContext, (HostColors)dstContext);
}
