namespace Hypir.Networks.UNet;

/// <summary>What stands between a UNet's way down and its way up.</summary>
public enum UNetMidBlockKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One residual block (<c>UNetMidBlock2D</c>, which has no attention in a conditional UNet).</summary>
    Plain,

    /// <summary>Residual, cross-attention, residual (<c>UNetMidBlock2DCrossAttn</c>).</summary>
    CrossAttention,
}
