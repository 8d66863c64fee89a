using System.Text.Json;
using Hypir.Networks.Layers;
using Hypir.Networks.Models;
using Hypir.Networks.Weights;
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

/// <summary>Configuration of a <see cref="CLIPTextModel"/>, from <c>text_encoder/config.json</c>.</summary>
public sealed record TextEncoderConfig
{
    /// <summary>Number of vocabulary entries.</summary>
    public required long VocabSize { get; init; }

    /// <summary>Width of the sequence.</summary>
    public required long HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward parts.</summary>
    public required long IntermediateSize { get; init; }

    /// <summary>Number of transformer layers.</summary>
    public required int NumHiddenLayers { get; init; }

    /// <summary>Number of attention heads; it divides the width.</summary>
    public required long NumAttentionHeads { get; init; }

    /// <summary>Tokens per text, including padding.</summary>
    public required long MaxPositionEmbeddings { get; init; }

    /// <summary>Name of the activation function: "gelu" or "quick_gelu".</summary>
    public required string HiddenAct { get; init; }

    /// <summary>Added to the variance in layer norms.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The content of <c>config.json</c>.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="ModelException">A value is missing or of the wrong kind.</exception>
    public static TextEncoderConfig Parse(JsonElement json, string path)
    {
        var reader = new ConfigReader(json, path);
        var config = new TextEncoderConfig
        {
            VocabSize = reader.Long("vocab_size", 49408),
            HiddenSize = reader.Long("hidden_size", 512),
            IntermediateSize = reader.Long("intermediate_size", 2048),
            NumHiddenLayers = (int)reader.Long("num_hidden_layers", 12),
            NumAttentionHeads = reader.Long("num_attention_heads", 8),
            MaxPositionEmbeddings = reader.Long("max_position_embeddings", 77),
            HiddenAct = reader.Text("hidden_act", "quick_gelu"),
            LayerNormEpsilon = reader.Double("layer_norm_eps", 1e-5),
        };
        reader.RequireDivides("num_attention_heads", config.NumAttentionHeads, config.HiddenSize);
        return config;
    }
}
