using Hypir.Networks.Weights;

namespace Hypir.Networks.SinglePass.GfpGan;

/// <summary>
/// GFPGAN (Wang et al., "Towards Real-World Blind Face Restoration with Generative Facial Prior", 2021), version 1 "clean": a U-Net removes
/// the degradation and steers a StyleGAN2 generator of faces by style codes and by scales and shifts of its features.
/// </summary>
public sealed class GfpGanFamily : SinglePassFamily<GfpGanOutline>
{
    private const string Decoder = "stylegan_decoder";

    /// <inheritdoc/>
    public override string Name => GfpGanOutline.FamilyName;

    /// <inheritdoc/>
    public override bool Matches(WeightShapes weights) =>
        weights.Has("conv_body_first.weight", "toRGB.0.weight", $"{Decoder}.style_mlp.1.weight", $"{Decoder}.constant_input.weight");

    /// <inheritdoc/>
    public override string? Rename(WeightShapes weights, string key) =>
        // Training looks at the U-Net's image of each size; restoring does not.
        key.StartsWith("toRGB.", StringComparison.Ordinal) ? null : key;

    /// <inheritdoc/>
    protected override GfpGanOutline Read(WeightShapes weights)
    {
        int levels = weights.Count(index => $"conv_body_down.{index}.conv1.weight");
        if (levels is 0 or > GfpGanOutline.MaxLevels)
            throw weights.Wrong($"the network halves its image {levels} times; 1 to {GfpGanOutline.MaxLevels} are possible");
        long style = weights.Of($"{Decoder}.style_conv1.modulated_conv.modulation.weight", 2)[1];
        long codes = weights.Of("final_linear.weight", 2)[0];
        IReadOnlyList<long> decoder =
        [
            weights.Of($"{Decoder}.constant_input.weight", 4)[1],
            .. Enumerable.Range(0, levels).Select(i => weights.Of($"{Decoder}.style_convs.{2 * i + 1}.modulated_conv.weight", 5)[1]),
        ];
        long conditions = weights.Of("condition_scale.0.2.weight", 4)[0];
        bool half = conditions != decoder[1];
        if (half && decoder.Any(channels => channels % 2 != 0))
            throw weights.Wrong("the generator's channels cannot be halved");
        return new()
        {
            Scale = 1,
            InChannels = GfpGanOutline.Channels,
            OutChannels = GfpGanOutline.Channels,
            Encoder =
            [
                .. Enumerable.Range(0, levels).Reverse().Select(i => weights.Of($"conv_body_down.{i}.conv2.weight", 4)[0]),
                weights.Of("conv_body_first.weight", 4)[0],
            ],
            Decoder = decoder,
            StyleWidth = style,
            StyleLayers = weights.Count(index => $"{Decoder}.style_mlp.{index + 1}.weight", step: 2),
            StylePerLayer = codes != style,
            HalfModulated = half,
        };
    }

    /// <inheritdoc/>
    protected override SinglePassNetwork Build(GfpGanOutline outline, WeightScope weights) => new GfpGanNetwork(outline, weights);
}
