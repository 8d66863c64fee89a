using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// Maps with channels last whose channels lie in one tensor, or in several side by side: what a network concatenates is not copied. What is known of its channels' moments
/// travels with it.
/// </summary>
internal sealed class FastMap : IDisposable
{
    private FastMap(IReadOnlyList<MapPart> parts) => Parts = parts;

    /// <summary>A map in one tensor.</summary>
    /// <param name="values">(B, H, W, C), contiguous. This map owns it, as far as a scope does not.</param>
    /// <param name="moments">Of each picture, or null where they are not known.</param>
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

    /// <summary>Pictures.</summary>
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

    /// <summary>The first channels of a map in one tensor, in the same memory, not contiguous. This map must not be used any more.</summary>
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
