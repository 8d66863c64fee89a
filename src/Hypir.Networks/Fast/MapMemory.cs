using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// Memory of a network's maps, used again and again: what the C library gives out for a map seldom fits the hole that an equal one left (before glibc 2.38 an aligned block
/// never does), so that each map would be new memory, which costs more than what is written into it. It belongs to one evaluation at a time.
/// </summary>
internal sealed class MapMemory : IDisposable
{
    /// <summary>A block serves maps down to this share of it: what a small map takes from a large one has to be made anew.</summary>
    private const double LeastShare = 0.2;

    private readonly List<Block> _blocks = [];

    /// <summary>Gives out memory for a tensor.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="type">Its type.</param>
    /// <param name="lease">Disposing it gives the memory back, which may then be given out anew.</param>
    /// <returns>A contiguous tensor whose content is whatever was there before, of the current scope.</returns>
    public Tensor Rent(ReadOnlySpan<long> shape, ScalarType type, out IDisposable lease)
    {
        long elements = 1;
        foreach (long length in shape)
            elements *= length;
        Block? best = null;
        foreach (Block block in _blocks)
            if (!block.IsRented && block.Serves(elements, type) && (best is null || block.Elements < best.Elements))
                best = block;
        if (best is null)
        {
            best = new(empty([elements], type).DetachFromDisposeScope());
            _blocks.Add(best);
        }

        best.IsRented = true;
        lease = best;
        using Tensor part = best.Values.narrow(0, 0, elements);
        return part.view(shape.ToArray());
    }

    /// <summary>Takes back all that is given out: what an evaluation left that was cancelled.</summary>
    public void ReclaimAll()
    {
        foreach (Block block in _blocks)
            block.IsRented = false;
    }

    /// <summary>Frees the memory; more can be rented afterwards.</summary>
    public void Dispose()
    {
        foreach (Block block in _blocks)
            block.Values.Dispose();
        _blocks.Clear();
    }

    /// <summary>Memory that one map at a time has.</summary>
    private sealed class Block(Tensor values) : IDisposable
    {
        public Tensor Values => values;

        public long Elements { get; } = values.numel();

        public bool IsRented { get; set; }

        public bool Serves(long elements, ScalarType type) => values.dtype == type && elements <= Elements && elements >= LeastShare * Elements;

        /// <summary>Gives it back; the memory stays the network's.</summary>
        public void Dispose() => IsRented = false;
    }
}
