using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// Channels-last maps whose channels are in one tensor, or in several side by side, so that concatenation copies nothing. Known channel
/// moments travel with the map.
/// </summary>
internal sealed class FastMap : IDisposable
{
    private FastMap(IReadOnlyList<MapPart> parts) => Parts = parts;

    /// <summary>A map in one tensor.</summary>
    /// <param name="values">(B, H, W, C), contiguous. The map owns it unless a scope does.</param>
    /// <param name="moments">The moments of each image, or null if unknown.</param>
    /// <param name="lease">Returns the tensor's memory, or null if the tensor owns its memory.</param>
    public FastMap(Tensor values, IReadOnlyList<ChannelMoments>? moments = null, IDisposable? lease = null)
        : this([new MapPart(values, moments, lease)])
    {
    }

    /// <summary>Copies a channels-first map.</summary>
    /// <param name="memory">Provides the memory.</param>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="scale">Factor applied to the values.</param>
    public static FastMap FromChannelsFirst(MapMemory memory, Tensor x, double scale = 1)
    {
        Tensor values = memory.Rent([x.shape[0], x.shape[2], x.shape[3], x.shape[1]], x.dtype, out IDisposable lease);
        using Tensor last = x.permute(0, 2, 3, 1);
        values.copy_(last);
        if (scale != 1)
            values.MultiplyInPlace(scale);
        return new(values, lease: lease);
    }

    /// <summary>A channels-first copy, (B, C, H, W), contiguous.</summary>
    public Tensor ToChannelsFirst()
    {
        Tensor whole = Whole(), result = empty([Batch, whole.shape[3], Height, Width], whole.dtype, whole.device);
        using Tensor first = whole.permute(0, 3, 1, 2);
        return result.copy_(first);
    }

    /// <summary>The parts in channel order.</summary>
    public IReadOnlyList<MapPart> Parts { get; }

    /// <summary>Number of images.</summary>
    public long Batch => Values.shape[0];

    /// <summary>Number of rows.</summary>
    public long Height => Values.shape[1];

    /// <summary>Number of columns.</summary>
    public long Width => Values.shape[2];

    private Tensor Values => Parts[0].Values;

    /// <summary>The channels of one map followed by those of another of the same size. Neither is copied.</summary>
    public static FastMap Beside(FastMap first, FastMap second) => new([.. first.Parts, .. second.Parts]);

    /// <summary>All channels in one tensor: the map's own, or a new one in the current scope.</summary>
    public Tensor Whole() => Parts.Count == 1 ? Values : cat([.. Parts.Select(part => part.Values)], -1);

    /// <summary>Applies a function and disposes this map.</summary>
    public FastMap Then(Func<FastMap, FastMap> function)
    {
        FastMap result = function(this);
        Dispose();
        return result;
    }

    /// <summary>A view of the same memory, which this map still owns.</summary>
    public FastMap Alias() => new([.. Parts.Select(part => new MapPart(part.Values.alias(), part.Moments, null))]);

    /// <summary>
    /// The first channels of a map in one tensor, in the same memory, not contiguous. This map must not be used afterward.
    /// </summary>
    public FastMap First(long channels) => new([new(Parts[0].Values.narrow(3, 0, channels), null, Parts[0].Lease)]);

    /// <summary>Divides this map's values in place.</summary>
    public FastMap DividedBy(double divisor)
    {
        foreach (MapPart part in Parts)
            part.Values.DivideInPlace(divisor);
        return new([.. Parts.Select(part => part with { Moments = null })]);
    }

    /// <summary>Moves it to the scope around the current one.</summary>
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
/// <param name="Moments">The moments of each image, or null if unknown.</param>
/// <param name="Lease">Returns the memory, or null if the tensor owns it.</param>
internal sealed record MapPart(Tensor Values, IReadOnlyList<ChannelMoments>? Moments, IDisposable? Lease) : IDisposable
{
    /// <summary>Number of channels.</summary>
    public int Channels => (int)Values.shape[3];

    /// <summary>The moments of an image, computed if unknown.</summary>
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
/// Reusable memory for a network's maps: the C library can seldom place a map in the hole that an equal one left (before glibc 2.38, never
/// for aligned blocks), so each map would take fresh memory, whose page faults cost more than writing the data. An instance serves one
/// evaluation at a time.
/// </summary>
internal sealed class MapMemory : IDisposable
{
    /// <summary>
    /// A block is reused for maps down to this share of its size: a small map that occupies a large block forces a new allocation later.
    /// </summary>
    private const double LeastShare = 0.2;

    private readonly List<Block> _blocks = [];

    /// <summary>Rents memory for a tensor.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="type">Its type.</param>
    /// <param name="lease">Disposing it returns the memory, which may then be rented again.</param>
    /// <returns>A contiguous, uninitialized tensor in the current scope.</returns>
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

    /// <summary>Takes back all rented memory, as after a cancelled evaluation.</summary>
    public void ReclaimAll()
    {
        foreach (Block block in _blocks)
            block.IsRented = false;
    }

    /// <summary>Frees the memory; more can be rented afterward.</summary>
    public void Dispose()
    {
        foreach (Block block in _blocks)
            block.Values.Dispose();
        _blocks.Clear();
    }

    /// <summary>A memory block that one map at a time can use.</summary>
    private sealed class Block(Tensor values) : IDisposable
    {
        public Tensor Values => values;

        public long Elements { get; } = values.numel();

        public bool IsRented { get; set; }

        public bool Serves(long elements, ScalarType type) =>
            values.dtype == type && elements <= Elements && elements >= LeastShare * Elements;

        /// <summary>Returns the block; the memory stays with the network.</summary>
        public void Dispose() => IsRented = false;
    }
}
