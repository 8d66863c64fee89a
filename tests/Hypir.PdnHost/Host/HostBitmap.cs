using PaintDotNet.Effects;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnHost.Host;

/// <summary>A bitmap over pinned pixels. Disposing it gives it back; the pixels stay.</summary>
internal sealed unsafe class HostBitmap<TPixel>(Ledger? ledger, TPixel[] pixels, int width, int height, IColorContext? context)
    : Counted(ledger),
        IBitmap<TPixel>,
        IEffectInputBitmap<TPixel>
    where TPixel : unmanaged, INaturalPixelInfo
{
    private readonly Ledger? _ledger = ledger;

    public SizeInt32 Size => new(width, height);

    public PixelFormat PixelFormat => default(TPixel).PixelFormat;

    public IColorContext? ColorContext => context;

    public static HostBitmap<TPixel> Blank(Ledger? ledger, int width, int height) =>
        new(ledger, GC.AllocateArray<TPixel>(width * height, pinned: true), width, height, null);

    public IBitmapLock<TPixel> Lock(RectInt32 rect, BitmapLockOptions lockOptions) => Lock(rect);

    IBitmapLock IBitmap.Lock(RectInt32 rect, BitmapLockOptions lockOptions) => Lock(rect);

    IBitmapLock IEffectInputBitmap.Lock(RectInt32 rect) => Lock(rect);

    public IBitmapLock<TPixel> Lock(RectInt32 rect)
    {
        Check(rect);
        return new HostLock<TPixel>(_ledger, pixels, rect.Y * width + rect.X, rect.Width, rect.Height, width * sizeof(TPixel));
    }

    public void CopyPixels(void* pBuffer, int bufferStride, uint bufferSize, in RectInt32? srcRect)
    {
        RectInt32 rect = srcRect ?? new(0, 0, width, height);
        Check(rect);
        for (int row = 0; row < rect.Height; row++)
            pixels
                .AsSpan((rect.Y + row) * width + rect.X, rect.Width)
                .CopyTo(new Span<TPixel>((byte*)pBuffer + (long)row * bufferStride, rect.Width));
    }

    private void Check(RectInt32 rect)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (rect.X < 0 || rect.Y < 0 || rect.Width < 1 || rect.Height < 1 || rect.Right > width || rect.Bottom > height)
            throw new ArgumentException("The rectangle is not within the bitmap.");
    }
}
