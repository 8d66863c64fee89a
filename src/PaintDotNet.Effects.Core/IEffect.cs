using PaintDotNet.ComponentModel;

namespace PaintDotNet.Effects;

public interface IEffect : IObjectRef
{
    IEffectOptions Options { get; }

    IEffectEnvironment Environment { get; }

    IServiceProvider Services { get; }

    IEffectConfigForm? CreateConfigForm();
}
