using PaintDotNet.AppModel;

namespace PaintDotNet.Effects;

public record EffectOptionsBase : PluginOptions, IEffectOptions
{
    private bool _isConfigurable;

    internal EffectOptionsBase()
    {
    }

    public bool IsConfigurable
    {
        get => _isConfigurable;
        set
        {
            VerifyNotFrozen();
            _isConfigurable = value;
        }
    }
}
