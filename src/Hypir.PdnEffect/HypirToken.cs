using Hypir.PdnEffect.ViewModel.Results;
using PaintDotNet.Effects;

namespace Hypir.PdnEffect;

/// <summary>What the editor keeps of a dialog: the settings of what is shown, and the result itself, which clones share.</summary>
public sealed class HypirToken : EffectConfigToken
{
    /// <summary>Makes one with the defaults and without a result.</summary>
    public HypirToken()
    {
    }

    private HypirToken(HypirToken other)
        : base(other) =>
        (Settings, Strength, Result, IsFresh) = (other.Settings, other.Strength, other.Result, other.IsFresh);

    /// <summary>The result's settings; where there is no result, the dialog's.</summary>
    public RestorationSettings Settings { get; set; } = new();

    /// <summary>Share of the result in per cent.</summary>
    public int Strength { get; set; } = 100;

    /// <summary>The result, or null.</summary>
    public RestoredRegion? Result { get; set; }

    /// <summary>Whether it is of no dialog yet: what the person chose before the editor's last start counts then.</summary>
    public bool IsFresh { get; set; } = true;

    /// <inheritdoc/>
    public override object Clone() => new HypirToken(this);
}
