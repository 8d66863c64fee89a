namespace Hypir.Planning.Outlines;

/// <summary>
/// The UNet's attention, with a residual connection: the map as a sequence through transformer blocks of self-attention, cross-attention to
/// the text, and a gated feed-forward part, each after a layer norm and with its own residual connection.
/// </summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Channels">Channels of input and result.</param>
/// <param name="Scale"><see cref="BlockOutline.Scale"/>.</param>
public sealed record TransformerBlock(string Name, long Channels, int Scale) : BlockOutline(Name, Channels, Channels, Scale)
{
    /// <summary>Added to the variance in the group norm.</summary>
    public const double GroupEpsilon = 1e-6;

    /// <summary>Added to the variance in the layer norms.</summary>
    public const double LayerEpsilon = 1e-5;

    /// <summary>The feed-forward part's inner width as a multiple of the outer one.</summary>
    public const int Expansion = 4;

    /// <summary>Number of transformer blocks.</summary>
    public required int Depth { get; init; }

    /// <summary>Attention heads.</summary>
    public required long Heads { get; init; }

    /// <summary>Width of the text embedding.</summary>
    public required long ContextWidth { get; init; }

    /// <summary>Groups of the group norm.</summary>
    public required long Groups { get; init; }

    /// <summary>Whether its input and output projections are linear maps rather than 1x1 convolutions.</summary>
    public bool Linear { get; init; }

    /// <summary>Whether attention is computed in float32 for any type of the weights.</summary>
    public bool Upcast { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOutline> Layers =>
    [
        new GroupNormLayer($"{Name}.norm", Channels, Groups, GroupEpsilon),
        Projection($"{Name}.proj_in"),
        .. Enumerable.Range(0, Depth).SelectMany(index => Inner($"{Name}.transformer_blocks.{index}")),
        Projection($"{Name}.proj_out"),
    ];

    private LayerOutline Projection(string name) =>
        Linear ? new LinearLayer(name, Channels, Channels, SequenceKind.Positions) : new ConvLayer(name, Channels, Channels, 1);

    private LayerOutline[] Inner(string name) =>
    [
        new LayerNormLayer($"{name}.norm1", Channels, LayerEpsilon),
        .. Attention($"{name}.attn1", Channels, SequenceKind.Positions),
        new LayerNormLayer($"{name}.norm2", Channels, LayerEpsilon),
        .. Attention($"{name}.attn2", ContextWidth, SequenceKind.Tokens),
        new LayerNormLayer($"{name}.norm3", Channels, LayerEpsilon),
        new LinearLayer($"{name}.ff.net.0.proj", Channels, 2 * Expansion * Channels, SequenceKind.Positions),
        new ActivationLayer("geglu"),
        new LinearLayer($"{name}.ff.net.2", Expansion * Channels, Channels, SequenceKind.Positions),
    ];

    private LayerOutline[] Attention(string name, long contextWidth, SequenceKind keys) =>
    [
        new LinearLayer($"{name}.to_q", Channels, Channels, SequenceKind.Positions, Bias: false),
        new LinearLayer($"{name}.to_k", contextWidth, Channels, keys, Bias: false),
        new LinearLayer($"{name}.to_v", contextWidth, Channels, keys, Bias: false),
        new AttentionLayer(Channels, Heads, keys, Upcast),
        new LinearLayer($"{name}.to_out.0", Channels, Channels, SequenceKind.Positions),
    ];
}

/// <summary>The VAE's attention over the positions of a map, with one head, after a norm and with a residual connection.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Channels">Channels of input and result.</param>
/// <param name="Scale"><see cref="BlockOutline.Scale"/>.</param>
/// <param name="Groups">Groups of the norm.</param>
/// <param name="Epsilon">Added to the variance in the norm.</param>
public sealed record SpatialAttentionBlock(string Name, long Channels, int Scale, long Groups, double Epsilon)
    : BlockOutline(Name, Channels, Channels, Scale)
{
    /// <inheritdoc/>
    public override IReadOnlyList<LayerOutline> Layers =>
    [
        new GroupNormLayer($"{Name}.group_norm", Channels, Groups, Epsilon),
        Map("to_q"), Map("to_k"), Map("to_v"),
        new AttentionLayer(Channels, 1, SequenceKind.Positions),
        Map("to_out.0"),
    ];

    private LinearLayer Map(string name) => new($"{Name}.{name}", Channels, Channels, SequenceKind.Positions);
}
