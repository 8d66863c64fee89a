namespace Hypir.Restoration.Planning;

/// <summary>Which way of computing is wanted.</summary>
public enum RestoreMode
{
    /// <summary>The default: as good and as fast as this program can.</summary>
    Fast,

    /// <summary>What the reference implementation computes, step by step, its quirks included.</summary>
    Reference,
}
