namespace PaintDotNet.Effects;

public abstract record BitmapEffectOptionsFactory : EffectOptionsBase
{
    private protected BitmapEffectOptionsFactory()
    {
    }

    public static BitmapEffectOptions Create() => new();
}
