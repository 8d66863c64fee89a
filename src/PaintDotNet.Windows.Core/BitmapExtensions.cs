using PaintDotNet.Rendering;

namespace PaintDotNet.Imaging;

public static class BitmapExtensions
{
    public static IBitmapLock<TPixel> Lock<TPixel>(this IBitmap<TPixel> bitmap, BitmapLockOptions lockOptions)
        where TPixel : unmanaged, INaturalPixelInfo => bitmap.Lock(new RectInt32(0, 0, bitmap.Size.Width, bitmap.Size.Height), lockOptions);
}
