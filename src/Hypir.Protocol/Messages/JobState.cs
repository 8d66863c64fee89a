namespace Hypir.Protocol.Messages;

/// <summary>Where a job is, in order; it ends in one of the last three.</summary>
public enum JobState
{
    /// <summary>Other jobs are first.</summary>
    Queued,

    /// <summary>The model and the pixels are read.</summary>
    Loading,

    /// <summary>The VAE encodes tiles.</summary>
    Encoding,

    /// <summary>The UNet restores tiles.</summary>
    Restoring,

    /// <summary>The VAE decodes tiles.</summary>
    Decoding,

    /// <summary>Colour fix, strength, alpha, writing.</summary>
    Finishing,

    /// <summary>The result is there.</summary>
    Done,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>It failed; the answer says why.</summary>
    Failed,
}
