namespace Hypir.Networks.Scheduling;

/// <summary>What a UNet predicts.</summary>
public enum PredictionType
{
    /// <summary>The noise.</summary>
    Epsilon,

    /// <summary>The velocity of Salimans and Ho (2022).</summary>
    Velocity,

    /// <summary>The original sample itself.</summary>
    Sample,
}
