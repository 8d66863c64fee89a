using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using static TorchSharp.torch;

namespace Hypir.Networks.Text;

/// <summary>
/// CLIP's text encoder (Radford et al., 2021), with module names as in its checkpoints; its last hidden state conditions the UNet.
/// </summary>
public sealed class CLIPTextModel : NetworkModule<Tensor, Tensor>
{
    private readonly ClipEmbeddings _embeddings;
    private readonly ClipEncoderLayer[] _layers;
    private readonly LayerNorm _finalLayerNorm;

    /// <summary>Builds the network from its configuration and weights.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="weights">Root of the weights.</param>
    public CLIPTextModel(TextEncoderConfig config, WeightScope weights)
        : base(nameof(CLIPTextModel))
    {
        Config = config;
        WeightScope text = weights["text_model"];
        ModuleGroup textModel = this.Child("text_model", new ModuleGroup("text_model"));
        ModuleGroup encoder = textModel.Child("encoder", new ModuleGroup("encoder"));
        _embeddings = textModel.Child("embeddings", new ClipEmbeddings(text["embeddings"], config));
        _layers = encoder.Children(
            "layers", Enumerable.Range(0, config.NumHiddenLayers).Select(i => new ClipEncoderLayer(text[$"encoder.layers.{i}"], config)));
        _finalLayerNorm = textModel.Child(
            "final_layer_norm", new LayerNorm(text["final_layer_norm"], config.HiddenSize, config.LayerNormEpsilon));
    }

    /// <summary>The configuration.</summary>
    public TextEncoderConfig Config { get; }

    /// <summary>Token ids (B, N), int64 → last hidden state after the final layer norm, (B, N, width), owned by the caller.</summary>
    public override Tensor forward(Tensor ids)
    {
        Tensor h = _embeddings.call(ids);
        foreach (ClipEncoderLayer layer in _layers)
            h = h.Then(layer.call);
        return h.Then(_finalLayerNorm.call);
    }
}
