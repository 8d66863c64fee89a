namespace Hypir.Training.Resuming;

/// <summary>Something that is not what it was when a checkpoint was saved.</summary>
/// <param name="Key">A key of the configuration, or what was compared by content.</param>
/// <param name="Before">Its value in the checkpoint.</param>
/// <param name="Now">Its value now.</param>
internal sealed record ResumeChange(string Key, string Before, string Now)
{
    /// <summary>What is to happen.</summary>
    public ResumeRule Rule => ResumeRules.Of(Key, Before);

    /// <summary>As people read it.</summary>
    public override string ToString() => $"{Key}: {Before} → {Now}";
}
