namespace Hypir.Training.Degradation;

/// <summary>
/// A pool that mixes batches: the images of one batch share sizes and kinds of noise, and a network would notice. While the pool fills,
/// batches pass through and leave a copy; from then on each arriving item takes the place of a random older one, which goes on in its
/// stead. The reference's own needs a size that is a multiple of the batch; here what still fits is kept and the rest is exchanged.
/// </summary>
/// <typeparam name="T">A sample. Items that pass through while the pool fills are also kept by it: they have two owners until they leave
/// it.</typeparam>
public sealed class ShufflePool<T>
{
    private readonly Func<int, IReadOnlyList<int>> _permutation;
    private List<T> _items;

    /// <summary>Makes a pool.</summary>
    /// <param name="capacity">How many items it holds; 0 for none, then batches pass unchanged.</param>
    /// <param name="permutation">Gives the numbers 0 to n - 1 in random order.</param>
    /// <param name="items">What a pool held that is to go on, in its order.</param>
    public ShufflePool(int capacity, Func<int, IReadOnlyList<int>> permutation, IEnumerable<T>? items = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        (Capacity, _permutation, _items) = (capacity, permutation, [.. items ?? []]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_items.Count, capacity, nameof(items));
    }

    /// <summary>How many items the pool holds when full.</summary>
    public int Capacity { get; }

    /// <summary>What the pool holds, in its order: its whole state besides the generator's.</summary>
    public IReadOnlyList<T> Items => _items;

    /// <summary>Puts a batch in and takes one of the same length out.</summary>
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
