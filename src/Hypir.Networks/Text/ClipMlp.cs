using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Text;

/// <summary>CLIP's feed-forward part: <c>fc1</c>, activation, <c>fc2</c>.</summary>
internal sealed class ClipMlp : NetworkModule<Tensor, Tensor>
{
    private readonly Linear _fc1;
    private readonly Linear _fc2;
    private readonly Func<Tensor, Tensor> _activation;

    public ClipMlp(WeightScope weights, TextEncoderConfig config)
        : base(nameof(ClipMlp))
    {
        _activation = Activation.Named(config.HiddenAct);
        _fc1 = this.Child("fc1", new Linear(weights["fc1"], config.HiddenSize, config.IntermediateSize));
        _fc2 = this.Child("fc2", new Linear(weights["fc2"], config.IntermediateSize, config.HiddenSize));
    }

    public override Tensor forward(Tensor x) => _fc1.call(x).Then(_activation).Then(_fc2.call);
}
