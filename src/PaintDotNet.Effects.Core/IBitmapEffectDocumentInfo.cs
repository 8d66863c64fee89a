namespace PaintDotNet.Effects;

public interface IBitmapEffectDocumentInfo : IEffectDocumentInfo
{
    new IReadOnlyList<IBitmapEffectLayerInfo> Layers { get; }
}
