using PaintDotNet.ComponentModel;
using PaintDotNet.Rendering;

namespace PaintDotNet.Imaging;

public unsafe interface IBitmapLock : IObjectRef
{
    void* Buffer { get; }

    int BufferStride { get; }

    PixelFormat PixelFormat { get; }

    SizeInt32 Size { get; }
}
