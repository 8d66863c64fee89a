namespace Hypir.Training.Resuming;

/// <summary>What happens when a setting differs from the one that a checkpoint was saved with.</summary>
internal enum ResumeRule
{
    /// <summary>It is taken over: what the run learns does not depend on it, or what it names is compared by content.</summary>
    Free,

    /// <summary>It must be confirmed: the run learns something else from now on.</summary>
    Confirm,

    /// <summary>It may be turned off, which must be confirmed, but not on: the checkpoint has nothing to continue from.</summary>
    OnlyOff,

    /// <summary>It is refused: the checkpoint's tensors would not fit.</summary>
    Never,
}
