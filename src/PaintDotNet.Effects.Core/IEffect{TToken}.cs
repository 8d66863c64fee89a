namespace PaintDotNet.Effects;

public interface IEffect<TToken> : IEffect
    where TToken : EffectConfigToken
{
}
