using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;

namespace Hypir.Networks.SinglePass.Dat;

/// <summary>
/// DAT (Chen et al., "Dual Aggregation Transformer for Image Super-Resolution", 2023): groups of transformer blocks that attend by turns to
/// positions, within rectangular windows, and to channels, over the whole image.
/// </summary>
public sealed class DatFamily : SinglePassFamily<DatOutline>
{
    private const string FirstBlock = "layers.0.blocks.0";

    /// <inheritdoc/>
    public override string Name => DatOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has(
            "conv_first.weight", "before_RG.1.weight", $"{FirstBlock}.ffn.sg.conv.weight",
            $"{FirstBlock}.attn.attns.0.pos.pos_proj.weight");

    /// <inheritdoc/>
    public override string? Rename(WeightShapes weights, string key) =>
        // All follow from the windows and the size of the image.
        key.EndsWith(".relative_position_index", StringComparison.Ordinal) || key.EndsWith(".attn_mask_0", StringComparison.Ordinal)
        || key.EndsWith(".attn_mask_1", StringComparison.Ordinal) || key.EndsWith(".num_batches_tracked", StringComparison.Ordinal)
            ? null
            : key;

    /// <inheritdoc/>
    protected override DatOutline Read(WeightShapes weights)
    {
        IReadOnlyList<long> first = weights.Of("conv_first.weight", 4);
        (long features, long channels) = (first[0], first[1]);
        int groups = weights.Count(index => $"layers.{index}.blocks.0.norm1.weight");
        if (groups == 0)
            throw weights.Wrong($"{FirstBlock}.norm1.weight is missing");
        IReadOnlyList<long> heads =
            [.. Enumerable.Range(0, groups).Select(i => 2 * weights.Of($"layers.{i}.blocks.0.attn.attns.0.pos.pos3.2.weight", 2)[0])];
        if (features < 16 || heads.Any(count => features % count != 0))
            throw weights.Wrong($"{features} features cannot be divided into {string.Join(", ", heads)} heads");
        long hidden = weights.Of($"{FirstBlock}.ffn.fc1.weight", 2)[0];
        if (hidden % 2 != 0)
            throw weights.Wrong($"{hidden} hidden channels cannot be halved");
        ImageHeadOutline head = ImageHeadOutline.Read(weights, features, channels);
        if (head.Kind is not (ImageHeadKind.Shuffle or ImageHeadKind.DirectShuffle))
            throw weights.Wrong("this DAT has no head that DAT is known with");
        return new()
        {
            Scale = head.Scale,
            InChannels = (int)Math.Min(channels, int.MaxValue),
            OutChannels = (int)Math.Min(channels, int.MaxValue),
            Features = features,
            Depths = [.. Enumerable.Range(0, groups).Select(i => weights.Count(j => $"layers.{i}.blocks.{j}.norm1.weight"))],
            Heads = heads,
            Window = WindowOf(weights, weights.Of($"{FirstBlock}.attn.attns.0.rpe_biases", 2)[0]),
            PositionWidth = weights.Of($"{FirstBlock}.attn.attns.0.pos.pos_proj.weight", 2)[0],
            Hidden = hidden,
            QkvBias = weights.Has($"{FirstBlock}.attn.qkv.bias"),
            Head = head,
            ThreeConvolutions = !weights.Has("conv_after_body.weight"),
        };
    }

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(DatOutline outline, WeightScope weights) => new DatNetwork(outline, weights);

    // The file has the number of relative positions, (2 height - 1) (2 width - 1). Published windows have sides that are powers of two,
    // and no more rows than columns: only one window has as many.
    private static (long Height, long Width) WindowOf(WeightShapes weights, long relations)
    {
        for (long height = 1; height <= DatOutline.MaxWindow; height *= 2)
        {
            for (long width = height; width <= DatOutline.MaxWindow; width *= 2)
            {
                if (new WindowSize(height, width).Relations == relations)
                    return (height, width);
            }
        }

        throw weights.Wrong($"{relations} relative positions fit no window whose sides are powers of two up to {DatOutline.MaxWindow}");
    }
}
