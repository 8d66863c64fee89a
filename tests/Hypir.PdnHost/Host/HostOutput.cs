using PaintDotNet.Effects;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnHost.Host;

/// <summary>A tile that an effect fills.</summary>
internal sealed class HostOutput(Ledger ledger, ColorBgra32[] canvas, int width, RectInt32 bounds) : IBitmapEffectOutput
{
    public RectInt32 Bounds => bounds;

    public PixelFormat PixelFormat => PixelFormats.Bgra32;

    public IBitmapLock Lock(in PixelFormat pixelFormat) =>
        pixelFormat == PixelFormat
            ? new HostLock<ColorBgra32>(ledger, canvas, bounds.Y * width + bounds.X, bounds.Width, bounds.Height, width * 4)
            : throw new NotSupportedException("The output is Bgra32.");
}
