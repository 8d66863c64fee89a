namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>
/// What a pickle may ask for. Real files stay far below: a checkpoint of 1,000 tensors has some 100 KB of pickle and 40,000 instructions.
/// </summary>
internal static class PickleLimits
{
    /// <summary>Bytes of one pickle.</summary>
    public const int Bytes = 1 << 25;

    /// <summary>
    /// Instructions of one pickle. Each makes at most one value, so that this bounds stack, marks and memo too; and none takes longer than
    /// its operands.
    /// </summary>
    public const int Instructions = 2_000_000;

    /// <summary>Bytes, or decimal digits, of one whole number.</summary>
    public const int NumberLength = 1024;

    /// <summary>Dictionaries in each other on the way to the tensors.</summary>
    public const int StateDictDepth = 8;
}

/// <summary>
/// How many bytes all tensors of a file may come to when each is copied. Shared and expanded storages make that more than the file holds; a
/// file of a few hundred bytes must not ask for terabytes.
/// </summary>
internal sealed class TensorBudget(long fileLength)
{
    private const long Free = 1 << 26;
    private const long TimesFile = 16;

    private long _taken;

    /// <summary>The limit in bytes.</summary>
    public long Total { get; } = Free + TimesFile * Math.Min(fileLength, long.MaxValue / (2 * TimesFile));

    /// <summary>Whether so many bytes are left; then they are taken.</summary>
    public bool TryTake(long bytes)
    {
        if (bytes > Total - _taken)
            return false;
        _taken += bytes;
        return true;
    }
}
