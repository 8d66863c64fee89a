namespace PaintDotNet.Effects;

public interface IBitmapEffectLayerInfo : IEffectLayerInfo
{
}
