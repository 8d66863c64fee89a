namespace Hypir.Engine.Restoring;

/// <summary>
/// Memory that images at work and waiting share. It is counted by plans, not measured: who would go beyond it waits until others have given theirs
/// back, and what is larger than all of it goes alone.
/// </summary>
/// <param name="total">Bytes to share.</param>
internal sealed class MemoryBudget(long total)
{
    private readonly Lock _one = new();
    private readonly List<Hold> _holds = [];
    private TaskCompletionSource _freed = new();

    /// <summary>Takes a share, waiting until there is room for it.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Gives the share back when it is disposed of.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Hold Take(long bytes, CancellationToken cancellation)
    {
        while (true)
        {
            Task freed;
            lock (_one)
            {
                if (_holds.Count == 0 || _holds.Sum(hold => hold.Bytes) + bytes <= total)
                {
                    var hold = new Hold(this, bytes);
                    _holds.Add(hold);
                    return hold;
                }

                freed = _freed.Task;
            }

            freed.Wait(cancellation);
        }
    }

    private void Change(Action change)
    {
        lock (_one)
        {
            change();
            _freed.SetResult();
            _freed = new();
        }
    }

    /// <summary>A share.</summary>
    internal sealed class Hold(MemoryBudget budget, long bytes) : IDisposable
    {
        /// <summary>Its size.</summary>
        public long Bytes { get; private set; } = bytes;

        /// <summary>Gives a part of it back.</summary>
        /// <param name="rest">What is kept, in bytes.</param>
        public void ShrinkTo(long rest) => budget.Change(() => Bytes = Math.Min(Bytes, rest));

        /// <inheritdoc/>
        public void Dispose() => budget.Change(() => budget._holds.Remove(this));
    }
}
