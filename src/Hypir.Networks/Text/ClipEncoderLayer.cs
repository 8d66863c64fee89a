using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Text;

/// <summary>One pre-norm transformer layer of CLIP's text encoder.</summary>
internal sealed class ClipEncoderLayer : NetworkModule<Tensor, Tensor>
{
    private readonly LayerNorm _layerNorm1;
    private readonly ClipAttention _selfAttn;
    private readonly LayerNorm _layerNorm2;
    private readonly ClipMlp _mlp;

    public ClipEncoderLayer(WeightScope weights, TextEncoderConfig config)
        : base(nameof(ClipEncoderLayer))
    {
        _layerNorm1 = this.Child("layer_norm1", new LayerNorm(weights["layer_norm1"], config.HiddenSize, config.LayerNormEpsilon));
        _selfAttn = this.Child("self_attn", new ClipAttention(weights["self_attn"], config.HiddenSize, config.NumAttentionHeads));
        _layerNorm2 = this.Child("layer_norm2", new LayerNorm(weights["layer_norm2"], config.HiddenSize, config.LayerNormEpsilon));
        _mlp = this.Child("mlp", new ClipMlp(weights["mlp"], config));
    }

    public override Tensor forward(Tensor x)
    {
        Tensor h = _layerNorm1.call(x).Then(_selfAttn.call).Then(a => x.Plus(a));
        return h.PlusOwned(_layerNorm2.call(h).Then(_mlp.call));
    }
}
