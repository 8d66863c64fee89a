using Hypir.Planning.Outlines;

namespace Hypir.Planning.Cost;

/// <summary>The cost of one network evaluation, counted from the configuration alone.</summary>
/// <param name="Parts">
/// The part before the first block (with an empty name), then each block with what follows it, in execution order, under the names passed
/// to <c>NetworkRun.EnterBlock</c>.
/// </param>
/// <param name="Parameters">The number of weights.</param>
/// <param name="PeakElements">The largest number of elements alive at once during the evaluation, excluding weights.</param>
public sealed record NetworkCost(IReadOnlyList<PartCost> Parts, long Parameters, long PeakElements)
{
    /// <summary>Elements in the transformed kernels that fast mode keeps in addition to the weights.</summary>
    public long TransformedParameters { get; init; }

    /// <summary>Floating-point operations of convolutions, linear maps and attention; a multiply-add counts as 2.</summary>
    public double Operations { get; } = Parts.Sum(part => part.Operations);
}

/// <summary>The cost of one part of a network.</summary>
/// <param name="Name">The block's name in the checkpoint ("down_blocks.0.resnets.0").</param>
/// <param name="Operations">Floating-point operations.</param>
public sealed record PartCost(string Name, double Operations);

/// <summary>Sums up the cost of a network's layers in execution order.</summary>
internal sealed class CostCounter
{
    private readonly List<PartCost> _parts = [];
    private string _name = "";
    private double _operations;
    private long _parameters;
    private long _transformed;
    private long _held;
    private long _peak;

    /// <summary>Ends the previous part and begins a block.</summary>
    public void Enter(string name)
    {
        _parts.Add(new(_name, _operations));
        (_name, _operations) = (name, 0);
    }

    /// <summary>A convolution with bias; the map is its output.</summary>
    public void Conv(long inChannels, long outChannels, long kernel, MapSize map)
    {
        long weights = inChannels * outChannels * kernel * kernel;
        _operations += 2.0 * weights * map.Positions;
        _transformed += FastKernels.TransformedElements(inChannels, outChannels, kernel);
        _parameters += weights + outChannels;
    }

    /// <summary>A linear map at each position.</summary>
    public void Linear(long inWidth, long outWidth, long positions, bool bias = true)
    {
        _operations += 2.0 * inWidth * outWidth * positions;
        _parameters += inWidth * outWidth + (bias ? outWidth : 0);
    }

    /// <summary>A group or layer norm with scale and shift.</summary>
    public void Norm(long channels) => _parameters += 2 * channels;

    /// <summary>A table of vectors.</summary>
    public void Table(long entries, long width) => _parameters += entries * width;

    /// <summary>Attention of every query to every key, over all heads: scores and weighted sum.</summary>
    public void Attention(long queries, long keys, long width) => _operations += 4.0 * queries * keys * width;

    /// <summary>Adds elements that stay alive from now on, such as a UNet skip; negative to release them.</summary>
    public void Hold(long elements) => _held += elements;

    /// <summary>Records elements alive at one moment, in addition to those held.</summary>
    public void Alive(long elements) => _peak = Math.Max(_peak, _held + elements);

    /// <summary>Returns the sums.</summary>
    public NetworkCost Finish()
    {
        Enter("");
        return new(_parts, _parameters, _peak) { TransformedParameters = _transformed };
    }
}
