namespace Hypir.Restoration.Planning.Cost;

/// <summary>What one evaluation of a network costs, counted from its configuration alone.</summary>
/// <param name="Parts">
/// What comes before the first block (its name is empty), then each block with what follows it, in the order of execution and with the names that
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
