using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;

namespace Hypir.Networks.SinglePass.SwinIr;

/// <summary>
/// SwinIR (Liang et al., "Image Restoration Using Swin Transformer", 2021): a convolution, groups of Swin transformer blocks around
/// residuals, and one of four heads.
/// </summary>
public sealed class SwinIrFamily : SinglePassFamily<SwinIrOutline>
{
    private const string FirstBlock = "layers.0.residual_group.blocks.0";

    // Windows of the networks against JPEG artifacts, the only ones that were trained with a range of 255.
    private const long JpegWindow = 7;

    /// <inheritdoc/>
    public override string Name => SwinIrOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has($"{FirstBlock}.norm1.weight", $"{FirstBlock}.mlp.fc1.bias", $"{FirstBlock}.attn.relative_position_bias_table")
        && (weights.Has("conv_first.weight") || weights.Has("conv_first.1.weight"));

    /// <inheritdoc/>
    public override string? Rename(WeightShapes weights, string key) =>
        // Both follow from the window and the size of the image.
        key.EndsWith(".relative_position_index", StringComparison.Ordinal) || key.EndsWith(".attn_mask", StringComparison.Ordinal)
            ? null
            : key;

    /// <inheritdoc/>
    protected override SwinIrOutline Read(WeightShapes weights)
    {
        if (weights.Has("conv_first.1.weight"))
            throw weights.Wrong("this SwinIR begins with a pixel unshuffle, which is not supported");
        if (weights.Has("absolute_pos_embed"))
            throw weights.Wrong("this SwinIR has absolute positions, which are not supported");
        IReadOnlyList<long> first = weights.Of("conv_first.weight", 4);
        int groups = weights.Count(index => $"layers.{index}.residual_group.blocks.0.norm1.weight");
        IReadOnlyList<long> table = weights.Of($"{FirstBlock}.attn.relative_position_bias_table", 2);
        if (WeightShapes.WholeRoot(table[0]) is not { } side || side % 2 == 0 || side > 2 * SwinIrOutline.MaxWindow - 1)
            throw weights.Wrong($"a table of {table[0]} relative positions fits no window of up to {SwinIrOutline.MaxWindow}");
        long window = (side + 1) / 2, channels = first[1];
        ImageHeadOutline head = ImageHeadOutline.Read(weights, first[0], channels);
        IReadOnlyList<long> heads =
        [
            .. Enumerable.Range(0, groups).Select(i =>
                weights.Of($"layers.{i}.residual_group.blocks.0.attn.relative_position_bias_table", 2)[1]),
        ];
        if (heads.FirstOrDefault(count => first[0] % count != 0) is > 0 and var wrong)
            throw weights.Wrong($"{first[0]} features cannot be divided into {wrong} heads");
        bool three = !weights.Has("conv_after_body.weight");
        if (three && first[0] < 4)
            throw weights.Wrong($"{first[0]} features have no quarter for the small convolutions");
        return new()
        {
            Scale = head.Scale,
            InChannels = (int)Math.Min(channels, int.MaxValue),
            OutChannels = (int)Math.Min(channels, int.MaxValue),
            Features = first[0],
            Depths = [.. Enumerable.Range(0, groups).Select(i => weights.Count(j => $"layers.{i}.residual_group.blocks.{j}.norm1.weight"))],
            Heads = heads,
            Window = window,
            Hidden = weights.Of($"{FirstBlock}.mlp.fc1.bias", 1)[0],
            Head = head,
            ThreeConvolutions = three,
            EntryNorm = weights.Has("patch_embed.norm.weight"),
            Range = window == JpegWindow ? 255 : 1,
        };
    }

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(SwinIrOutline outline, WeightScope weights) => new SwinIrNetwork(outline, weights);
}
