using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Text;

/// <summary>Token and position embeddings, added.</summary>
internal sealed class ClipEmbeddings : NetworkModule<Tensor, Tensor>
{
    private readonly Embedding _token;
    private readonly Embedding _position;

    public ClipEmbeddings(WeightScope weights, TextEncoderConfig config)
        : base(nameof(ClipEmbeddings))
    {
        _token = this.Child("token_embedding", new Embedding(weights["token_embedding"], config.VocabSize, config.HiddenSize));
        _position = this.Child("position_embedding", new Embedding(weights["position_embedding"], config.MaxPositionEmbeddings, config.HiddenSize));
    }

    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        Tensor positions = TensorMath.Range(ids.shape[1], ScalarType.Int64, ids.device).unsqueeze(0);
        return _token.call(ids).Plus(_position.call(positions)).MoveToOuterDisposeScope();
    }
}
