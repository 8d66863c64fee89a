using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.GfpGan;

/// <summary>
/// StyleGAN2's generator with the U-Net's scales and shifts between its convolutions. Its noise is the file's: the same input gives the
/// same result.
/// </summary>
internal sealed class StyleGenerator : NetworkModule
{
    private const double Slope = 0.2;
    private const double Epsilon = 1e-8;
    private readonly GfpGanOutline _outline;
    private readonly Linear[] _styles;
    private readonly Tensor _constant;
    private readonly Tensor[] _noises;
    private readonly StyleConv _first;
    private readonly ToRgb _firstImage;
    private readonly StyleConv[] _convolutions;
    private readonly ToRgb[] _images;
    private readonly string _name;

    public StyleGenerator(WeightScope weights, GfpGanOutline outline)
        : base(nameof(StyleGenerator))
    {
        (_outline, _name) = (outline, weights.Prefix);
        (IReadOnlyList<long> channels, long style) = (outline.Decoder, outline.StyleWidth);
        ModuleGroup mlp = this.Child("style_mlp", new ModuleGroup("style_mlp"));
        // The code's normalization is layer 0, a leaky ReLU follows each map.
        _styles =
        [
            .. Enumerable.Range(0, outline.StyleLayers).Select(i =>
                mlp.Child($"{2 * i + 1}", new Linear(weights[$"style_mlp.{2 * i + 1}"], style, style))),
        ];
        _constant = this.Child("constant_input", new ModuleGroup("constant_input"))
            .Own("weight", weights["constant_input"].Parameter("weight", 1, channels[0], 4, 4));
        ModuleGroup noises = this.Child("noises", new ModuleGroup("noises"));
        _noises = [.. Enumerable.Range(0, 2 * outline.Levels + 1).Select(Noise)];
        _first = this.Child("style_conv1", new StyleConv(weights["style_conv1"], channels[0], channels[0], style, doubles: false));
        _firstImage = this.Child("to_rgb1", new ToRgb(weights["to_rgb1"], channels[0], style));
        _convolutions = this.Children("style_convs", Enumerable.Range(0, 2 * outline.Levels).Select(Convolution));
        _images = this.Children(
            "to_rgbs", Enumerable.Range(0, outline.Levels).Select(i => new ToRgb(weights[$"to_rgbs.{i}"], channels[i + 1], style)));

        Tensor Noise(int i)
        {
            long side = 4L << ((i + 1) / 2);
            return noises.OwnBuffer($"noise{i}", weights["noises"].Buffer($"noise{i}", 1, 1, side, side));
        }

        StyleConv Convolution(int i)
        {
            (int level, bool doubles) = (i / 2 + 1, i % 2 == 0);
            return new(weights[$"style_convs.{i}"], channels[doubles ? level - 1 : level], channels[level], style, doubles);
        }
    }

    /// <summary>Makes an image.</summary>
    /// <param name="codes">(B, codes, style width), or (B, style width) for all layers.</param>
    /// <param name="scales">For each level but the lowest, (B, channels or half of them, side, side).</param>
    /// <param name="shifts">As <paramref name="scales"/>.</param>
    /// <param name="run">Watches and cancels.</param>
    /// <returns>(B, 3, side, side), about -1 to 1, owned by the caller.</returns>
    public Tensor Forward(Tensor codes, IReadOnlyList<Tensor> scales, IReadOnlyList<Tensor> shifts, NetworkRun run)
    {
        using var scope = NewDisposeScope();
        Tensor latent = !_outline.StylePerLayer ? Styled(codes) : codes.alias();
        if (latent.dim() == 2)
            latent = latent.unsqueeze(1).expand(-1, _outline.Codes, -1);
        Tensor Style(int i) => latent.select(1, i);

        run.EnterBlock($"{_name}.style_conv1");
        using Tensor constant = _constant.expand(codes.shape[0], -1, -1, -1);
        Tensor h = _first.Forward(constant, Style(0), _noises[0]);
        Tensor image = _firstImage.Forward(h, Style(1), null);
        for (int level = 0; level < _images.Length; level++)
        {
            int i = 2 * level;
            run.EnterBlock($"{_name}.style_convs.{i}");
            h = h.Then(t => _convolutions[i].Forward(t, Style(i + 1), _noises[i + 1]));
            (Tensor scale, Tensor shift) = (scales[level], shifts[level]);
            h = h.Then(t => Modulated(t, scale, shift));
            run.EnterBlock($"{_name}.style_convs.{i + 1}");
            h = h.Then(t => _convolutions[i + 1].Forward(t, Style(i + 2), _noises[i + 2]));
            image = _images[level].Forward(h, Style(i + 3), image);
        }

        return image.MoveToOuterDisposeScope();
    }

    private Tensor Modulated(Tensor x, Tensor scale, Tensor shift)
    {
        if (!_outline.HalfModulated)
            return (x * scale).Then(t => t.Plus(shift));
        using var scope = NewDisposeScope();
        Tensor[] halves = x.chunk(2, 1);
        return cat([halves[0], (halves[1] * scale).Plus(shift)], 1).MoveToOuterDisposeScope();
    }

    private Tensor Styled(Tensor codes)
    {
        Tensor h = codes * codes.Squared().mean([1], keepdim: true).Plus(Epsilon).rsqrt();
        foreach (Linear map in _styles)
            h = h.Then(map.call).Then(t => t.LeakyRelu(Slope));
        return h;
    }
}
