using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>The transformer's feed-forward part, four times as wide inside: <c>net.0</c> (gated), <c>net.2</c>.</summary>
internal sealed class FeedForward : NetworkModule<Tensor, Tensor>
{
    private const int Expansion = 4;
    private readonly GeGlu _gate;
    private readonly Linear _out;

    public FeedForward(WeightScope weights, long width)
        : base(nameof(FeedForward))
    {
        ModuleGroup net = this.Child("net", new ModuleGroup("net"));
        _gate = net.Child("0", new GeGlu(weights["net.0"], width, Expansion * width));
        _out = net.Child("2", new Linear(weights["net.2"], Expansion * width, width));
    }

    public override Tensor forward(Tensor x) => _gate.call(x).Then(_out.call);
}
