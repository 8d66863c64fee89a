using System.Runtime.InteropServices;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnHost.Host;

/// <summary>Access to pinned pixels.</summary>
internal sealed unsafe class HostLock<TPixel>(Ledger? ledger, TPixel[] pixels, int start, int width, int height, int stride)
    : Counted(ledger),
        IBitmapLock<TPixel>
    where TPixel : unmanaged, INaturalPixelInfo
{
    public TPixel* Buffer =>
        (TPixel*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pixels)) + start;

    void* IBitmapLock.Buffer => Buffer;

    public int BufferStride => stride;

    public PixelFormat PixelFormat => default(TPixel).PixelFormat;

    public SizeInt32 Size => new(width, height);
}
