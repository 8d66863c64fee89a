namespace PaintDotNet.Effects;

public interface IEffectEnvironment2 : IEffectEnvironment
{
}
