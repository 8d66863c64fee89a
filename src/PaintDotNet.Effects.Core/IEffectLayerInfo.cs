using PaintDotNet.ComponentModel;
using PaintDotNet.Imaging;

namespace PaintDotNet.Effects;

public interface IEffectLayerInfo : IObjectRef, IInternalImpl
{
    string Name { get; }

    IEffectInputBitmap GetBitmap(in PixelFormat pixelFormat);
}
