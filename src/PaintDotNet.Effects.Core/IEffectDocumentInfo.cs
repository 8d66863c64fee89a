using PaintDotNet.ComponentModel;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace PaintDotNet.Effects;

public interface IEffectDocumentInfo : IObjectRef, IInternalImpl
{
    SizeInt32 Size { get; }

    IReadOnlyList<IEffectLayerInfo> Layers { get; }

    PixelFormat PixelFormat { get; }

    IColorContext ColorContext { get; }
}
