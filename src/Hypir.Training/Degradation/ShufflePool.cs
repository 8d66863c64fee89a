namespace Hypir.Training.Degradation;

/// <summary>
/// A pool that mixes batches, because the images of one batch share sizes and kinds of noise. While the pool fills, batches pass through
/// and are also copied into it; after that, each arriving item replaces a random older one, which is passed on instead. The reference
/// requires a capacity that is a multiple of the batch size; here, items that still fit are added and the rest are exchanged.
/// </summary>
/// <typeparam name="T">A sample. Items that pass through while the pool fills are also kept in it, so they are shared until they leave
/// it.</typeparam>
public sealed class ShufflePool<T>
{
    private readonly Func<int, IReadOnlyList<int>> _permutation;
    private List<T> _items;

    /// <summary>Creates a pool.</summary>
    /// <param name="capacity">The capacity; 0 passes batches through unchanged.</param>
    /// <param name="permutation">Returns the numbers 0 to n - 1 in random order.</param>
    /// <param name="items">The items of an earlier pool to resume, in order.</param>
    public ShufflePool(int capacity, Func<int, IReadOnlyList<int>> permutation, IEnumerable<T>? items = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        (Capacity, _permutation, _items) = (capacity, permutation, [.. items ?? []]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_items.Count, capacity, nameof(items));
    }

    /// <summary>The capacity.</summary>
    public int Capacity { get; }

    /// <summary>The items, in order: the complete state apart from the generator's.</summary>
    public IReadOnlyList<T> Items => _items;

    /// <summary>Exchanges a batch for one of the same length.</summary>
    public IReadOnlyList<T> Exchange(IReadOnlyList<T> batch)
    {
        if (Capacity == 0)
            return batch;
        var result = new List<T>(batch.Take(Capacity - _items.Count));
        _items.AddRange(result);
        while (result.Count < batch.Count)
        {
            T[] arriving = [.. batch.Skip(result.Count).Take(Capacity)];
            var order = _permutation(Capacity);
            result.AddRange(order.Take(arriving.Length).Select(index => _items[index]));
            _items = [.. arriving, .. order.Skip(arriving.Length).Select(index => _items[index])];
        }
        return result;
    }
}
