namespace PaintDotNet.Effects;

public abstract class EffectConfigForm<TEffect, TToken> : EffectConfigForm2, IEffectConfigForm<TEffect, TToken>
    where TEffect : class, IEffect<TToken>
    where TToken : EffectConfigToken
{
    protected EffectConfigForm()
        : base(null)
    {
    }

    public new TEffect Effect => (TEffect)base.Effect;

    public new TToken Token
    {
        get => (TToken)base.Token;
        set => base.Token = value;
    }

    protected sealed override void OnUpdateTokenFromDialog(EffectConfigToken dstToken) => OnUpdateTokenFromDialog((TToken)dstToken);

    protected virtual void OnUpdateTokenFromDialog(TToken dstToken)
    {
    }

    protected sealed override void OnUpdateDialogFromToken(EffectConfigToken token) => OnUpdateDialogFromToken((TToken)token);

    protected virtual void OnUpdateDialogFromToken(TToken token)
    {
    }
}
