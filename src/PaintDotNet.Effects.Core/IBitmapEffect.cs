namespace PaintDotNet.Effects;

public interface IBitmapEffect : IEffect
{
    new IBitmapEffectOptions Options { get; }

    new IBitmapEffectEnvironment Environment { get; }
}
