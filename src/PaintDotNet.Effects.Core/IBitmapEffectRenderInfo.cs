using PaintDotNet.Imaging;

namespace PaintDotNet.Effects;

public interface IBitmapEffectRenderInfo : IReadOnlyBitmapEffectRenderInfo
{
    new BitmapEffectRenderingFlags Flags { get; set; }

    new BitmapEffectRenderingSchedule Schedule { get; set; }

    new PixelFormat OutputPixelFormat { get; set; }
}
