using Hypir.Planning.Outlines;

namespace Hypir.Training.Planning;

/// <summary>Adds up the segments of a network, in the order of execution.</summary>
/// <param name="rank">Rank of the adapters on convolutions and linear maps; 0 for none.</param>
internal sealed class SegmentCounter(long rank)
{
    private readonly List<SegmentCost> _segments = [];
    private double _operations;
    private double _adapters;
    private long _saved;
    private long _cast;

    public IReadOnlyList<SegmentCost> Segments => _segments;

    /// <summary>Parameters of the network, without adapters.</summary>
    public long Parameters { get; private set; }

    /// <summary>Elements of the largest image that a convolution unfolds into columns.</summary>
    public long Columns { get; private set; }

    /// <summary>Elements of the adapters.</summary>
    public long AdapterParameters { get; private set; }

    /// <summary>A convolution with bias to an output map; its input is already counted as saved.</summary>
    public void Conv(long inChannels, long outChannels, long kernel, MapSize map, bool adapted = false, long groups = 1)
    {
        long weights = inChannels / groups * outChannels * kernel * kernel;
        _operations += 2.0 * weights * map.Positions;
        Parameters += weights + outChannels;
        Columns = Math.Max(Columns, kernel > 1 ? inChannels / groups * kernel * kernel * map.Each : 0);
        if (adapted)
            Adapt(inChannels * kernel * kernel, outChannels, map.Positions);
    }

    /// <summary>A linear map of each position; its input is already counted as saved.</summary>
    public void Linear(long inWidth, long outWidth, long positions, bool bias = true, bool adapted = false)
    {
        _operations += 2.0 * inWidth * outWidth * positions;
        Parameters += inWidth * outWidth + (bias ? outWidth : 0);
        if (adapted)
            Adapt(inWidth, outWidth, positions);
    }

    /// <summary>Scale and shift, or another vector of numbers for each channel.</summary>
    public void Vectors(long channels, int count = 2) => Parameters += count * channels;

    /// <summary>Attention of each query to each key, all heads together: scores and the weighted sum.</summary>
    public void Attention(MapSize queries, long keys, long width) => _operations += 4.0 * queries.Positions * keys * width;

    /// <summary>Adds elements that autograd keeps.</summary>
    public void Save(long numbers) => _saved += numbers;

    /// <summary>Ends a segment.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="result">Elements of its result.</param>
    /// <param name="forward">Elements alive at once without a graph.</param>
    /// <param name="backward">Elements of gradients and workspace alive at once in the backward pass.</param>
    public void End(string name, long result, long forward, long backward)
    {
        _segments.Add(new(name, _operations, _adapters, _saved, result, forward, backward, _cast));
        (_operations, _adapters, _saved, _cast) = (0, 0, 0, 0);
    }

    private void Adapt(long inNumbers, long outChannels, long positions)
    {
        if (rank == 0)
            return;
        long numbers = rank * (inNumbers + outChannels);
        AdapterParameters += numbers;
        _cast += numbers;
        _adapters += 2.0 * numbers * positions;
        _saved += rank * positions;
    }
}

/// <summary>The cost of training one segment of a network, in elements and operations.</summary>
/// <param name="Name">The segment in the checkpoint's names.</param>
/// <param name="Operations">Operations of one forward pass, counting a multiply-add as 2, without adapters.</param>
/// <param name="AdapterOperations">Additional operations of one forward pass with adapters.</param>
/// <param name="Saved">Elements that autograd keeps inside the segment for the backward pass, without input and result.</param>
/// <param name="Result">Elements of the result, which is the next segment's input.</param>
/// <param name="Forward">Elements alive at once inside the segment if nothing is kept, including input and result.</param>
/// <param name="Backward">Elements of gradients and workspace alive at once in the backward pass, apart from saved tensors.</param>
/// <param name="Cast">Elements of adapters that the segment casts to its own type.</param>
internal sealed record SegmentCost(
    string Name, double Operations, double AdapterOperations, long Saved, long Result, long Forward, long Backward, long Cast);
