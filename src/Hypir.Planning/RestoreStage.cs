namespace Hypir.Planning;

/// <summary>The stages of one restoration, in order.</summary>
public enum RestoreStage
{
    /// <summary>Loads weights from disk.</summary>
    Loading,

    /// <summary>The VAE encodes tiles.</summary>
    Encoding,

    /// <summary>The UNet restores latent tiles.</summary>
    Restoring,

    /// <summary>The VAE decodes tiles.</summary>
    Decoding,

    /// <summary>Color fix, strength, alpha, bytes.</summary>
    Finishing,

    /// <summary>Waits for a running engine that is busy with other jobs; before all others.</summary>
    Waiting,
}
