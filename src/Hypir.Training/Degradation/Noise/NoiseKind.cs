namespace Hypir.Training.Degradation.Noise;

/// <summary>The noise of one stage.</summary>
public enum NoiseKind
{
    /// <summary>Additive noise of one strength for the whole picture: electronics.</summary>
    Gaussian,

    /// <summary>Noise that grows with the light: photons counted.</summary>
    Poisson,
}
