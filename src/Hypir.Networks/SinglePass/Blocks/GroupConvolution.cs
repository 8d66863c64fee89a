using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>
/// What follows a group of transformer blocks: a 3x3 convolution, or 3x3, 1x1 and 3x3 with a quarter of the channels between.
/// </summary>
internal sealed class GroupConvolution : NetworkModule<Tensor, Tensor>
{
    private const double Slope = 0.2;
    private readonly Conv2d[] _convolutions;

    public GroupConvolution(WeightScope weights, long width, bool three)
        : base(nameof(GroupConvolution))
    {
        long quarter = width / 4;
        if (three)
        {
            _convolutions =
            [
                this.Child("0", new Conv2d(weights["0"], width, quarter, 3, padding: 1)),
                this.Child("2", new Conv2d(weights["2"], quarter, quarter, 1)),
                this.Child("4", new Conv2d(weights["4"], quarter, width, 3, padding: 1)),
            ];
        }
        else
        {
            // The convolution has no name of its own: its weights are those of this place.
            _convolutions = [new Conv2d(weights, width, width, 3, padding: 1)];
            foreach ((string name, var parameter) in _convolutions[0].named_parameters())
                this.Own(name, parameter);
        }
    }

    /// <summary>The layers, for an outline.</summary>
    /// <param name="name">Its place.</param>
    /// <param name="width">Channels.</param>
    /// <param name="three">Whether there are three convolutions, and not one.</param>
    public static IReadOnlyList<LayerOutline> Layers(string name, long width, bool three) => three
        ?
        [
            new ConvLayer($"{name}.0", width, width / 4, 3), new LeakyReluLayer(Slope),
            new ConvLayer($"{name}.2", width / 4, width / 4, 1), new LeakyReluLayer(Slope),
            new ConvLayer($"{name}.4", width / 4, width, 3),
        ]
        : [new ConvLayer(name, width, width, 3)];

    /// <summary>(B, C, H, W) → the same shape.</summary>
    public override Tensor forward(Tensor x)
    {
        Tensor h = _convolutions[0].call(x);
        foreach (Conv2d convolution in _convolutions[1..])
            h = h.Then(t => t.LeakyRelu(Slope)).Then(convolution.call);
        return h;
    }
}
