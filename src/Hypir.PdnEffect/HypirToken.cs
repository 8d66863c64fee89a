using Hypir.PdnEffect.ViewModel.Results;
using PaintDotNet.Effects;

namespace Hypir.PdnEffect;

/// <summary>The dialog's state kept by the editor: the settings of the displayed result and the result itself, which clones
/// share.</summary>
public sealed class HypirToken : EffectConfigToken
{
    /// <summary>Creates a token with defaults and no result.</summary>
    public HypirToken()
    {
    }

    private HypirToken(HypirToken other)
        : base(other) =>
        (Settings, Strength, Result, IsFresh) = (other.Settings, other.Strength, other.Result, other.IsFresh);

    /// <summary>The result's settings, or the dialog's if there is no result.</summary>
    public RestorationSettings Settings { get; set; } = new();

    /// <summary>Blend of the result in percent.</summary>
    public int Strength { get; set; } = 100;

    /// <summary>The result, or null.</summary>
    public RestoredRegion? Result { get; set; }

    /// <summary>Whether no dialog has used it yet, so that the settings saved in an earlier session apply.</summary>
    public bool IsFresh { get; set; } = true;

    /// <inheritdoc/>
    public override object Clone() => new HypirToken(this);
}
