using PaintDotNet.Rendering;

namespace PaintDotNet.Imaging;

public interface IBitmap : IBitmapSource
{
    IBitmapLock Lock(RectInt32 rect, BitmapLockOptions lockOptions);
}
