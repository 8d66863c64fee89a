using System.Drawing;

namespace PaintDotNet.Effects;

public abstract class BitmapEffect<TToken> : BitmapEffect, IEffect<TToken>
    where TToken : EffectConfigToken
{
    protected BitmapEffect(string name, string? submenuName, BitmapEffectOptions options)
        : base(name, submenuName, options)
    {
    }

    protected BitmapEffect(string name, Image image, string? submenuName, BitmapEffectOptions options)
        : base(name, image, submenuName, options)
    {
    }

    protected new TToken? Token => (TToken?)base.Token;

    protected sealed override void OnSetToken(EffectConfigToken? newToken) => OnSetToken((TToken?)newToken);

    protected virtual void OnSetToken(TToken? newToken) => base.OnSetToken(newToken);
}
