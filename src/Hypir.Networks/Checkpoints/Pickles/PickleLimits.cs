namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>
/// Limits on pickles. Real files stay far below: a checkpoint of 1,000 tensors has about 100 KB of pickle and 40,000 instructions.
/// </summary>
internal static class PickleLimits
{
    /// <summary>Bytes of one pickle.</summary>
    public const int Bytes = 1 << 25;

    /// <summary>
    /// Instructions of one pickle. Each creates at most one value, so this also bounds the stack, marks and memo; and each takes time at
    /// most proportional to its operands.
    /// </summary>
    public const int Instructions = 2_000_000;

    /// <summary>Bytes, or decimal digits, of one integer.</summary>
    public const int NumberLength = 1024;

    /// <summary>Nested dictionaries on the way to the tensors.</summary>
    public const int StateDictDepth = 8;
}

/// <summary>
/// Limits the total size of a file's tensors if each is copied. Shared and expanded storages can exceed the file's size; a file of a few
/// hundred bytes must not demand terabytes.
/// </summary>
internal sealed class TensorBudget(long fileLength)
{
    private const long Free = 1 << 26;
    private const long TimesFile = 16;

    private long _taken;

    /// <summary>The limit in bytes.</summary>
    public long Total { get; } = Free + TimesFile * Math.Min(fileLength, long.MaxValue / (2 * TimesFile));

    /// <summary>Takes the given number of bytes if that many are left.</summary>
    public bool TryTake(long bytes)
    {
        if (bytes > Total - _taken)
            return false;
        _taken += bytes;
        return true;
    }
}
