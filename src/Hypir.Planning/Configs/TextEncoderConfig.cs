using System.Text.Json;

namespace Hypir.Planning.Configs;

/// <summary>Configuration of a <c>CLIPTextModel</c>, from <c>text_encoder/config.json</c>.</summary>
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
