namespace PaintDotNet.Effects;

public class EffectConfigForm2 : EffectConfigForm
{
    private protected EffectConfigForm2(object? beforeCtorContext)
        : base(beforeCtorContext, false)
    {
    }

    public new IEffectEnvironment2 Environment => (IEffectEnvironment2)base.Environment;
}
