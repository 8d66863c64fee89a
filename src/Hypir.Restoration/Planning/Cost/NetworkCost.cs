using Hypir.Networks.Fast;
using Hypir.Networks.Outlines;

namespace Hypir.Restoration.Planning.Cost;

/// <summary>What one evaluation of a network costs, counted from its configuration alone.</summary>
/// <param name="Parts">
/// What comes before the first block (its name is empty), then each block with what follows it, in the order of execution and with the
/// names that
/// <see cref="Networks.NetworkRun.EnterBlock"/> is told.
/// </param>
/// <param name="Parameters">Numbers in the network's weights.</param>
/// <param name="PeakElements">Numbers that are alive at once during the evaluation, at most, without the weights.</param>
public sealed record NetworkCost(IReadOnlyList<PartCost> Parts, long Parameters, long PeakElements)
{
    /// <summary>Numbers in the kernels that fast mode keeps transformed, besides the weights.</summary>
    public long TransformedParameters { get; init; }

    /// <summary>Floating-point operations: 2 for a multiplication with addition, of convolutions, linear maps and attention.</summary>
    public double Operations { get; } = Parts.Sum(part => part.Operations);
}

/// <summary>What one part of a network costs.</summary>
/// <param name="Name">The block's name in the checkpoint ("down_blocks.0.resnets.0").</param>
/// <param name="Operations">Floating-point operations.</param>
public sealed record PartCost(string Name, double Operations);

/// <summary>Adds up what layers cost of a network, in the order of execution.</summary>
internal sealed class CostCounter
{
    private readonly List<PartCost> _parts = [];
    private string _name = "";
    private double _operations;
    private long _parameters;
    private long _transformed;
    private long _held;
    private long _peak;

    /// <summary>Ends the part before and begins a block.</summary>
    public void Enter(string name)
    {
        _parts.Add(new(_name, _operations));
        (_name, _operations) = (name, 0);
    }

    /// <summary>A convolution with bias; the map is its output's.</summary>
    public void Conv(long inChannels, long outChannels, long kernel, MapSize map)
    {
        long weights = inChannels * outChannels * kernel * kernel;
        _operations += 2.0 * weights * map.Positions;
        _transformed += FastKernels.TransformedElements(inChannels, outChannels, kernel);
        _parameters += weights + outChannels;
    }

    /// <summary>A linear map of each position.</summary>
    public void Linear(long inWidth, long outWidth, long positions, bool bias = true)
    {
        _operations += 2.0 * inWidth * outWidth * positions;
        _parameters += inWidth * outWidth + (bias ? outWidth : 0);
    }

    /// <summary>A group or layer norm: scale and shift.</summary>
    public void Norm(long channels) => _parameters += 2 * channels;

    /// <summary>A table of vectors.</summary>
    public void Table(long entries, long width) => _parameters += entries * width;

    /// <summary>Attention of each query to each key, all heads together: scores and the weighted sum.</summary>
    public void Attention(long queries, long keys, long width) => _operations += 4.0 * queries * keys * width;

    /// <summary>Elements that stay alive from now on, a skip of the UNet for one; negative where they are let go.</summary>
    public void Hold(long elements) => _held += elements;

    /// <summary>Elements that are alive at one moment besides what is held.</summary>
    public void Alive(long elements) => _peak = Math.Max(_peak, _held + elements);

    /// <summary>The sums.</summary>
    public NetworkCost Finish()
    {
        Enter("");
        return new(_parts, _parameters, _peak) { TransformedParameters = _transformed };
    }
}
