namespace Hypir.Training.Loop;

/// <summary>Which network a step trained.</summary>
public enum StepSide
{
    /// <summary>UNet (and VAE decoder).</summary>
    Generator,

    /// <summary>The discriminator's decoder.</summary>
    Discriminator,
}
