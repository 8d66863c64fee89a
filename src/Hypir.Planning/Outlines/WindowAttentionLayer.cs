namespace Hypir.Planning.Outlines;

/// <summary>
/// Multi-head attention of the positions of a map within windows, with a learned bias by relative position (Liu et al., Swin Transformer,
/// 2021). It reads queries, keys and values, one after the other, and gives a third as many channels.
/// </summary>
/// <param name="Table">The bias: ((2w - 1)², heads) or (heads, 2w - 1, 2w - 1) for windows of side w.</param>
/// <param name="Width">Channels of the result.</param>
/// <param name="Heads">Number of heads.</param>
/// <param name="Window">Side of a window; the map's sides are multiples of it.</param>
/// <param name="Shift">How far the map is rolled first, so that windows cross the borders of those of the layer before.</param>
/// <param name="Hidden">Added to the scores of positions that the roll brought together from opposite edges.</param>
public sealed record WindowAttentionLayer(
    WeightOutline Table, long Width, long Heads, long Window, long Shift, double Hidden) : LayerOutline
{
    /// <summary>Floating-point operations per position: four for each channel and each position of the window.</summary>
    public double Operations => 4.0 * Width * Window * Window;

    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => [Table];
}
