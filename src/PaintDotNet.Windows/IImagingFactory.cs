using PaintDotNet.ComponentModel;

namespace PaintDotNet.Imaging;

public interface IImagingFactory : IObjectRef, IInternalImpl
{
    IBitmap CreateBitmap(int width, int height, in PixelFormat pixelFormat);

    IColorContext CreateColorContext(ExifColorSpace exifColorSpace);

    IBitmapSource CreateColorTransformedBitmap(
        IBitmapSource source, IColorContext sourceContext, IColorContext dstContext, in PixelFormat dstPixelFormat);
}
