using PaintDotNet.Rendering;

namespace PaintDotNet.Imaging;

public static unsafe class BitmapSourceExtensions
{
    public static void CopyPixels<TPixel>(this IBitmapSource<TPixel> source, RegionPtr<TPixel> dst, Point2Int32 srcOffset)
        where TPixel : unmanaged, INaturalPixelInfo =>
        source.CopyPixels(
            dst.Ptr, dst.Stride, (uint)dst.Stride * (uint)dst.Height, new RectInt32(srcOffset.X, srcOffset.Y, dst.Width, dst.Height));

    /// <summary>Pixels are converted when they are copied from the result.</summary>
    public static IBitmapSource<TPixel> CreateColorTransformer<TPixel>(
        this IBitmapSource source, IColorContext sourceContext, IColorContext dstContext)
        where TPixel : unmanaged, INaturalPixelInfo
    {
        using IImagingFactory factory = ImagingFactory.CreateRef();
        return (IBitmapSource<TPixel>)factory.CreateColorTransformedBitmap(source, sourceContext, dstContext, default(TPixel).PixelFormat);
    }
}
