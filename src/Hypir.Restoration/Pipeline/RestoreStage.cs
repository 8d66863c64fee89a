namespace Hypir.Restoration.Pipeline;

/// <summary>The stages of one restoration, in order.</summary>
public enum RestoreStage
{
    /// <summary>Weights come from disk.</summary>
    Loading,

    /// <summary>The VAE encodes tiles.</summary>
    Encoding,

    /// <summary>The UNet restores latent tiles.</summary>
    Restoring,

    /// <summary>The VAE decodes tiles.</summary>
    Decoding,

    /// <summary>Colour fix, strength, alpha, bytes.</summary>
    Finishing,
}
