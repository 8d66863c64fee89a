using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// Maps with channels last whose channels lie in one tensor, or in several side by side: what a network concatenates is not copied. What is
/// known of its channels' moments travels with it.
/// </summary>
internal sealed class FastMap : IDisposable
{
    private FastMap(IReadOnlyList<MapPart> parts) => Parts = parts;

    /// <summary>A map in one tensor.</summary>
    /// <param name="values">(B, H, W, C), contiguous. This map owns it, as far as a scope does not.</param>
    /// <param name="moments">Of each image, or null where they are not known.</param>
    /// <param name="lease">Gives the tensor's memory back, or null where it is its own.</param>
    public FastMap(Tensor values, IReadOnlyList<ChannelMoments>? moments = null, IDisposable? lease = null)
        : this([new MapPart(values, moments, lease)])
    {
    }

    /// <summary>A copy of a map with channels first.</summary>
    /// <param name="memory">Where it is to lie.</param>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="scale">What it is multiplied by.</param>
    public static FastMap FromChannelsFirst(MapMemory memory, Tensor x, double scale = 1)
    {
        Tensor values = memory.Rent([x.shape[0], x.shape[2], x.shape[3], x.shape[1]], x.dtype, out IDisposable lease);
        using Tensor last = x.permute(0, 2, 3, 1);
        values.copy_(last);
        if (scale != 1)
            values.MultiplyInPlace(scale);
        return new(values, lease: lease);
    }

    /// <summary>A copy with channels first, (B, C, H, W), contiguous.</summary>
    public Tensor ToChannelsFirst()
    {
        Tensor whole = Whole(), result = empty([Batch, whole.shape[3], Height, Width], whole.dtype, whole.device);
        using Tensor first = whole.permute(0, 3, 1, 2);
        return result.copy_(first);
    }

    /// <summary>The parts, in the order of their channels.</summary>
    public IReadOnlyList<MapPart> Parts { get; }

    /// <summary>Images.</summary>
    public long Batch => Values.shape[0];

    /// <summary>Rows.</summary>
    public long Height => Values.shape[1];

    /// <summary>Columns.</summary>
    public long Width => Values.shape[2];

    private Tensor Values => Parts[0].Values;

    /// <summary>The channels of one map and then of another one of the same size. Neither is copied.</summary>
    public static FastMap Beside(FastMap first, FastMap second) => new([.. first.Parts, .. second.Parts]);

    /// <summary>All channels in one tensor: the map's own, or a new one of the current scope.</summary>
    public Tensor Whole() => Parts.Count == 1 ? Values : cat([.. Parts.Select(part => part.Values)], -1);

    /// <summary>Applies a function and frees this map.</summary>
    public FastMap Then(Func<FastMap, FastMap> function)
    {
        FastMap result = function(this);
        Dispose();
        return result;
    }

    /// <summary>The same memory, which stays this map's.</summary>
    public FastMap Alias() => new([.. Parts.Select(part => new MapPart(part.Values.alias(), part.Moments, null))]);

    /// <summary>
    /// The first channels of a map in one tensor, in the same memory, not contiguous. This map must not be used any more.
    /// </summary>
    public FastMap First(long channels) => new([new(Parts[0].Values.narrow(3, 0, channels), null, Parts[0].Lease)]);

    /// <summary>This map, each number of which is divided.</summary>
    public FastMap DividedBy(double divisor)
    {
        foreach (MapPart part in Parts)
            part.Values.DivideInPlace(divisor);
        return new([.. Parts.Select(part => part with { Moments = null })]);
    }

    /// <summary>Hands it to the scope around the current one.</summary>
    public FastMap MoveToOuterDisposeScope()
    {
        foreach (MapPart part in Parts)
            part.Values.MoveToOuterDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MapPart part in Parts)
            part.Dispose();
    }
}

/// <summary>Some channels of a <see cref="FastMap"/>.</summary>
/// <param name="Values">(B, H, W, C), contiguous.</param>
/// <param name="Moments">Of each image, or null where they are not known.</param>
/// <param name="Lease">Gives its memory back, or null where it is the tensor's own.</param>
internal sealed record MapPart(Tensor Values, IReadOnlyList<ChannelMoments>? Moments, IDisposable? Lease) : IDisposable
{
    /// <summary>C.</summary>
    public int Channels => (int)Values.shape[3];

    /// <summary>The moments of an image, counted where they are not known.</summary>
    public unsafe ChannelMoments MomentsOf<T>(int image)
        where T : unmanaged
    {
        if (Moments is not null)
            return Moments[image];
        int positions = (int)(Values.shape[1] * Values.shape[2]);
        return ChannelMoments.Of(TensorMemory.Pointer<T>(Values) + (long)image * positions * Channels, positions, Channels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Lease?.Dispose();
    }
}

/// <summary>
/// Memory of a network's maps, used again and again: what the C library gives out for a map seldom fits the hole that an equal one left
/// (before glibc 2.38 an aligned block never does), so that each map would be new memory, which costs more than what is written into it. It
/// belongs to one evaluation at a time.
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

        public bool Serves(long elements, ScalarType type) =>
            values.dtype == type && elements <= Elements && elements >= LeastShare * Elements;

        /// <summary>Gives it back; the memory stays the network's.</summary>
        public void Dispose() => IsRented = false;
    }
}
