using PaintDotNet.ComponentModel;
using PaintDotNet.Rendering;

namespace PaintDotNet.Imaging;

public unsafe interface IBitmapSource : IObjectRef
{
    SizeInt32 Size { get; }

    PixelFormat PixelFormat { get; }

    void CopyPixels(void* pBuffer, int bufferStride, uint bufferSize, in RectInt32? srcRect);
}
