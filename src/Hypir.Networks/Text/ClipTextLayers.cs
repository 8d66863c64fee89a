using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using static TorchSharp.torch;

namespace Hypir.Networks.Text;

/// <summary>Causal multi-head self-attention with CLIP's names: <c>q_proj</c>, <c>k_proj</c>, <c>v_proj</c>, <c>out_proj</c>.</summary>
internal sealed class ClipAttention : NetworkModule<Tensor, Tensor>
{
    private readonly Linear _qProj;
    private readonly Linear _kProj;
    private readonly Linear _vProj;
    private readonly Linear _outProj;
    private readonly long _heads;

    public ClipAttention(WeightScope weights, long width, long heads)
        : base(nameof(ClipAttention))
    {
        _heads = heads;
        _qProj = this.Child("q_proj", new Linear(weights["q_proj"], width, width));
        _kProj = this.Child("k_proj", new Linear(weights["k_proj"], width, width));
        _vProj = this.Child("v_proj", new Linear(weights["v_proj"], width, width));
        _outProj = this.Child("out_proj", new Linear(weights["out_proj"], width, width));
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor mixed = nn.functional.scaled_dot_product_attention(
            Split(_qProj.call(x)), Split(_kProj.call(x)), Split(_vProj.call(x)), is_casual: true);
        return _outProj.call(mixed.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    private Tensor Split(Tensor x) => x.unflatten(2, [_heads, -1]).transpose(1, 2);
}

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

/// <summary>Token and position embeddings, added.</summary>
internal sealed class ClipEmbeddings : NetworkModule<Tensor, Tensor>
{
    private readonly Embedding _token;
    private readonly Embedding _position;

    public ClipEmbeddings(WeightScope weights, TextEncoderConfig config)
        : base(nameof(ClipEmbeddings))
    {
        _token = this.Child("token_embedding", new Embedding(weights["token_embedding"], config.VocabSize, config.HiddenSize));
        _position = this.Child(
            "position_embedding", new Embedding(weights["position_embedding"], config.MaxPositionEmbeddings, config.HiddenSize));
    }

    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        Tensor positions = TensorMath.Range(ids.shape[1], ScalarType.Int64, ids.device).unsqueeze(0);
        return _token.call(ids).Plus(_position.call(positions)).MoveToOuterDisposeScope();
    }
}
