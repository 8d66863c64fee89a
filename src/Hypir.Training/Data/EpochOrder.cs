

using Hypir.Training.Degradation;

namespace Hypir.Training.Data;

/// <summary>
/// The order in which pictures are visited: each epoch once through all of them, in an order of its own. Safe to ask from several threads.
/// </summary>
/// <param name="seed">The run's seed.</param>
/// <param name="count">Number of pictures.</param>
public sealed class EpochOrder(long seed, int count)
{
    // Workers run ahead of each other by a little, so at a border two epochs are asked for in turn.
    private const int Kept = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, int[]> _orders = [];

    /// <summary>The picture of a place in the endless row of epochs.</summary>
    public int this[long place]
    {
        get
        {
            var (epoch, index) = Math.DivRem(place, count);
            lock (_lock)
            {
                if (!_orders.TryGetValue(epoch, out int[]? order))
                {
                    // The complement keeps these streams apart from those of samples and batches.
                    order = new SeededRandom(~seed, epoch).Permutation(count);
                    _orders.Add(epoch, order);
                    if (_orders.Count > Kept)
                        _orders.Remove(_orders.Keys.Min() == epoch ? _orders.Keys.Max() : _orders.Keys.Min());
                }
                return order[index];
            }
        }
    }
}
