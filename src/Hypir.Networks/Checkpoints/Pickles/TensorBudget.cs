namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>
/// How many bytes all tensors of a file may come to when each is copied. Shared and expanded storages make that more than the file holds; a file of a
/// few hundred bytes must not ask for terabytes.
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
