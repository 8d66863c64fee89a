using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.GfpGan;

/// <summary>The sizes of a <see cref="GfpGanNetwork"/>.</summary>
public sealed record GfpGanOutline : SinglePassOutline
{
    internal const string FamilyName = "GFPGAN";

    /// <summary>Channels of the image; the architecture has a fixed number.</summary>
    public const int Channels = 3;

    /// <summary>How often an image may be halved until its side is 4: images of up to 1024 pixels.</summary>
    public const int MaxLevels = 8;

    private const string Generator = "stylegan_decoder";

    /// <inheritdoc/>
    public override string Family => FamilyName;

    /// <summary>Channels of the U-Net at sides 4, 8, 16 … up to the image's.</summary>
    public required IReadOnlyList<long> Encoder { get; init; }

    /// <summary>Channels of the generator at the same sides.</summary>
    public required IReadOnlyList<long> Decoder { get; init; }

    /// <summary>Width of a style code.</summary>
    public required long StyleWidth { get; init; }

    /// <summary>Linear maps of the style network.</summary>
    public required int StyleLayers { get; init; }

    /// <summary>
    /// Whether the U-Net gives each layer of the generator a code of its own, and not one for all. The file does not tell whether codes
    /// pass the style network first: networks with a code for each layer, which are the published ones, skip it, the others do not.
    /// </summary>
    public required bool StylePerLayer { get; init; }

    /// <summary>Whether the U-Net scales and shifts half of the generator's channels, and not all.</summary>
    public required bool HalfModulated { get; init; }

    /// <summary>Side of the image.</summary>
    public int Side => 4 << Levels;

    /// <inheritdoc/>
    public override string Sizes => $"faces of {Side} pixels, {Decoder[0]} features, {StyleLayers} style layers";

    /// <summary>The network takes images of one size, which are one face each: it cannot work in tiles.</summary>
    public override SinglePassNeeds Needs => new(Side) { Minimum = Side, Side = Side, WholeImage = true };

    /// <inheritdoc/>
    public override IReadOnlyList<SinglePassBlock> Blocks =>
    [
        Block("conv_body_first", Levels, new ConvLayer("conv_body_first", Channels, Encoder[^1], 1)),
        .. Enumerable.Range(0, Levels).Select(i =>
            Block($"conv_body_down.{i}", Levels - i, Resizing($"conv_body_down.{i}", Encoder[Levels - i], Encoder[Levels - i - 1]))),
        Block(
            "final_conv", 0,
            new ConvLayer("final_conv", Encoder[0], Encoder[0], 3),
            new OtherLayer([.. Map("final_linear", 16 * Encoder[0], (StylePerLayer ? Codes : 1) * StyleWidth)])),
        .. Enumerable.Range(0, Levels).Select(i => Block(
            $"conv_body_up.{i}", i + 1,
            [.. Resizing($"conv_body_up.{i}", Encoder[i], Encoder[i + 1]), .. Condition("scale", i), .. Condition("shift", i)])),
        Block(
            $"{Generator}.style_conv1", 0,
            new OtherLayer(
            [
                .. Enumerable.Range(0, StyleLayers).SelectMany(i => Map($"{Generator}.style_mlp.{2 * i + 1}", StyleWidth, StyleWidth)),
                new($"{Generator}.constant_input.weight", [1, Decoder[0], 4, 4]),
            ]),
            Styled("style_conv1", Decoder[0], Decoder[0], noise: 0),
            Colors("to_rgb1", Decoder[0])),
        .. Enumerable.Range(0, Levels).SelectMany(i => new[]
        {
            Block($"{Generator}.style_convs.{2 * i}", i + 1, Styled($"style_convs.{2 * i}", Decoder[i], Decoder[i + 1], 2 * i + 1)),
            Block(
                $"{Generator}.style_convs.{2 * i + 1}", i + 1,
                Styled($"style_convs.{2 * i + 1}", Decoder[i + 1], Decoder[i + 1], 2 * i + 2), Colors($"to_rgbs.{i}", Decoder[i + 1])),
        }),
    ];

    /// <summary>How often the side is halved until it is 4.</summary>
    internal int Levels => Encoder.Count - 1;

    /// <summary>Style codes that the generator reads.</summary>
    internal int Codes => 2 * Levels + 2;

    // Everything that is kept (the image, the U-Net's maps, scales and shifts of all sizes), and four maps at work.
    private SinglePassBlock Block(string name, int level, params IReadOnlyList<LayerOutline> layers) =>
        new(name, new(1, 1 << (Levels - level)), layers)
        {
            Alive = 2 * Channels + Enumerable.Range(0, Levels + 1).Sum(k => (Encoder[k] + 2.0 * Modulated(k)) / Reduction(k))
                + 4.0 * Math.Max(Encoder[level], Decoder[level]) / Reduction(level),
        };

    private double Reduction(int level) => 1L << (2 * (Levels - level));

    private long Modulated(int level) => HalfModulated ? Decoder[level] / 2 : Decoder[level];

    private static IReadOnlyList<LayerOutline> Resizing(string name, long from, long to) =>
    [
        new ConvLayer($"{name}.conv1", from, from, 3),
        new ConvLayer($"{name}.conv2", from, to, 3),
        new ConvLayer($"{name}.skip", from, to, 1) { Bias = false },
    ];

    private IReadOnlyList<LayerOutline> Condition(string kind, int i) =>
    [
        new ConvLayer($"condition_{kind}.{i}.0", Encoder[i + 1], Encoder[i + 1], 3),
        new ConvLayer($"condition_{kind}.{i}.2", Encoder[i + 1], Modulated(i + 1), 3),
    ];

    private static WeightOutline[] Map(string name, long from, long to) => [new($"{name}.weight", [to, from]), new($"{name}.bias", [to])];

    private OtherLayer Styled(string name, long from, long to, int noise)
    {
        (string place, long side) = ($"{Generator}.{name}", 4L << ((noise + 1) / 2));
        return new(
            [
                .. Map($"{place}.modulated_conv.modulation", StyleWidth, from),
                new($"{place}.modulated_conv.weight", [1, to, from, 3, 3]),
                new($"{place}.weight", [1]),
                new($"{place}.bias", [1, to, 1, 1]),
                new($"{Generator}.noises.noise{noise}", [1, 1, side, side]),
            ],
            Operations: 18 * from * to);
    }

    private OtherLayer Colors(string name, long from) => new(
        [
            .. Map($"{Generator}.{name}.modulated_conv.modulation", StyleWidth, from),
            new($"{Generator}.{name}.modulated_conv.weight", [1, 3, from, 1, 1]),
            new($"{Generator}.{name}.bias", [1, 3, 1, 1]),
        ],
        Operations: 6 * from);
}
