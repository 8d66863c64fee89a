using Hypir.Planning.Configs;

namespace Hypir.Planning.Outlines;

/// <summary>The outline of a <c>CLIPTextModel</c>: layers over one sequence of tokens, in execution order.</summary>
/// <param name="Tokens">Length of the sequence.</param>
/// <param name="Width">Numbers per token.</param>
/// <param name="Embeddings">The tables of tokens and of positions, whose rows are added.</param>
/// <param name="Blocks">The transformer blocks.</param>
/// <param name="Norm">The norm of the last block's result.</param>
public sealed record TextOutline(
    long Tokens, long Width, IReadOnlyList<EmbeddingLayer> Embeddings, IReadOnlyList<TextBlock> Blocks, LayerNormLayer Norm)
{
    /// <summary>Describes a text encoder.</summary>
    /// <param name="config">Its configuration.</param>
    public static TextOutline Of(TextEncoderConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        const string Root = "text_model";
        (long width, long tokens, double epsilon) = (config.HiddenSize, config.MaxPositionEmbeddings, config.LayerNormEpsilon);
        return new(
            tokens, width,
            [
                new($"{Root}.embeddings.token_embedding", config.VocabSize, width),
                new($"{Root}.embeddings.position_embedding", tokens, width),
            ],
            [
                .. Enumerable.Range(0, config.NumHiddenLayers).Select(index => new TextBlock($"{Root}.encoder.layers.{index}", width)
                {
                    Heads = config.NumAttentionHeads,
                    Inner = config.IntermediateSize,
                    Activation = config.HiddenAct,
                    Epsilon = epsilon,
                }),
            ],
            new($"{Root}.final_layer_norm", width, epsilon));
    }

    /// <summary>Every layer, in execution order.</summary>
    public IEnumerable<LayerOutline> Layers => [.. Embeddings, .. Blocks.SelectMany(block => block.Layers), Norm];

    /// <summary>Every tensor that the network reads.</summary>
    public IEnumerable<WeightOutline> Weights => Layers.SelectMany(layer => layer.Weights);
}

/// <summary>
/// A transformer block of the text encoder: attention of each token to those before it, then two linear maps, each after a norm and with a
/// residual connection.
/// </summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Width">Numbers per token.</param>
public sealed record TextBlock(string Name, long Width)
{
    /// <summary>Attention heads.</summary>
    public required long Heads { get; init; }

    /// <summary>Width between the two linear maps.</summary>
    public required long Inner { get; init; }

    /// <summary>Name of the activation function between them.</summary>
    public required string Activation { get; init; }

    /// <summary>Added to the variance in the norms.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Its operations, in execution order.</summary>
    public IReadOnlyList<LayerOutline> Layers =>
    [
        new LayerNormLayer($"{Name}.layer_norm1", Width, Epsilon),
        Map("self_attn.q_proj", Width, Width),
        Map("self_attn.k_proj", Width, Width),
        Map("self_attn.v_proj", Width, Width),
        new AttentionLayer(Width, Heads, SequenceKind.Tokens),
        Map("self_attn.out_proj", Width, Width),
        new LayerNormLayer($"{Name}.layer_norm2", Width, Epsilon),
        Map("mlp.fc1", Width, Inner),
        new ActivationLayer(Activation),
        Map("mlp.fc2", Inner, Width),
    ];

    private LinearLayer Map(string name, long from, long to) => new($"{Name}.{name}", from, to, SequenceKind.Tokens);
}

/// <summary>A table whose rows are found by index.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="Entries">Rows.</param>
/// <param name="Width">Numbers per row.</param>
public sealed record EmbeddingLayer(string Name, long Entries, long Width) : ModuleLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => [Weight(Entries, Width)];
}
