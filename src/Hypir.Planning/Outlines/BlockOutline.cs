namespace Hypir.Planning.Outlines;

/// <summary>One block of a network. Its kind determines how its layers are connected: residual sums, reshaping, enlarging.</summary>
/// <param name="Name">Its name in the checkpoint, such as <c>down_blocks.0.resnets.0</c>.</param>
/// <param name="InChannels">Channels of its input, including a concatenated skip.</param>
/// <param name="OutChannels">Channels of its result.</param>
/// <param name="Scale">
/// How often the network's input has been halved at this point: 1 for maps with half its rows and columns, -1 for maps with twice as many.
/// </param>
public abstract record BlockOutline(string Name, long InChannels, long OutChannels, int Scale)
{
    /// <summary>Its operations, in execution order.</summary>
    public abstract IReadOnlyList<LayerOutline> Layers { get; }

    /// <summary>The result's <see cref="Scale"/>.</summary>
    public virtual int ResultScale => Scale;

    /// <summary>Whether the result is kept as a skip for the way up.</summary>
    public bool IsSkip { get; init; }

    /// <summary>
    /// Whether <c>NetworkRun.EnterBlock</c> is called for it; the parts before the first and after the last block are not steps.
    /// </summary>
    public virtual bool IsStep => true;
}

/// <summary>The timestep's path to the residual blocks: sinusoids, a linear map, an activation, a linear map.</summary>
public sealed record TimeBlock : BlockOutline
{
    /// <summary>Describes the path.</summary>
    /// <param name="sinusoids">The first layer.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="activation">The activation between the two maps.</param>
    public TimeBlock(SinusoidLayer sinusoids, long width, string activation)
        : base("time_embedding", sinusoids.Width, width, 0) => Layers =
        [
            sinusoids,
            new LinearLayer($"{Name}.linear_1", sinusoids.Width, width, SequenceKind.Timestep),
            new ActivationLayer(activation),
            new LinearLayer($"{Name}.linear_2", width, width, SequenceKind.Timestep),
        ];

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOutline> Layers { get; }

    /// <inheritdoc/>
    public override bool IsStep => false;
}

/// <summary>The layers that process the network's input.</summary>
/// <param name="Name">The name of its last convolution.</param>
/// <param name="Convolutions">One or two convolutions.</param>
public sealed record EntryBlock(string Name, params IReadOnlyList<ConvLayer> Convolutions)
    : BlockOutline(Name, Convolutions[0].InChannels, Convolutions[^1].OutChannels, 0)
{
    /// <summary>Whether the input is first mapped from [0, 1] to [-1, 1].</summary>
    public bool Centers { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOutline> Layers => Convolutions;

    /// <inheritdoc/>
    public override bool IsStep => false;
}

/// <summary>The layers that produce the network's result: a norm, an activation, then convolutions.</summary>
/// <param name="Name">The name of the first convolution.</param>
/// <param name="Scale"><see cref="BlockOutline.Scale"/>.</param>
/// <param name="Norm">The norm.</param>
/// <param name="Activation">The activation.</param>
/// <param name="Convolutions">One or two convolutions.</param>
public sealed record ExitBlock(string Name, int Scale, GroupNormLayer Norm, string Activation, params IReadOnlyList<ConvLayer> Convolutions)
    : BlockOutline(Name, Norm.Channels, Convolutions[^1].OutChannels, Scale)
{
    /// <inheritdoc/>
    public override IReadOnlyList<LayerOutline> Layers => [Norm, new ActivationLayer(Activation), .. Convolutions];

    /// <inheritdoc/>
    public override bool IsStep => false;
}

/// <summary>The source of a block's second input; both are concatenated along the channels, this one last.</summary>
/// <param name="Block">The block whose result was kept.</param>
/// <param name="Channels">Its channels.</param>
public sealed record SkipOutline(string Block, long Channels);

/// <summary>Norm, activation and 3x3 convolution, twice, with a shortcut; the sum is divided by the style's output scale.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="InChannels">Channels of its input, including those of the skip.</param>
/// <param name="OutChannels">Channels of its result; the shortcut has a 1x1 convolution if they differ.</param>
/// <param name="Scale"><see cref="BlockOutline.Scale"/>.</param>
/// <param name="Style">Settings shared by all residual blocks of the network.</param>
public sealed record ResnetBlock(string Name, long InChannels, long OutChannels, int Scale, ResnetStyle Style)
    : BlockOutline(Name, InChannels, OutChannels, Scale)
{
    /// <summary>The skip concatenated to the input, or null.</summary>
    public SkipOutline? Skip { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOutline> Layers =>
    [
        new GroupNormLayer($"{Name}.norm1", InChannels, Style.Groups, Style.Epsilon),
        new ActivationLayer(Style.Activation),
        new ConvLayer($"{Name}.conv1", InChannels, OutChannels, 3),
        .. Style.TimeWidth is long time
            ? (LayerOutline[])
            [
                new ActivationLayer(Style.Activation),
                new LinearLayer($"{Name}.time_emb_proj", time, OutChannels, SequenceKind.Timestep),
            ]
            : [],
        new GroupNormLayer($"{Name}.norm2", OutChannels, Style.Groups, Style.Epsilon),
        new ActivationLayer(Style.Activation),
        new ConvLayer($"{Name}.conv2", OutChannels, OutChannels, 3),
        .. InChannels == OutChannels ? (LayerOutline[])[] : [new ConvLayer($"{Name}.conv_shortcut", InChannels, OutChannels, 1)],
    ];
}

/// <summary>Halves the map with a convolution of stride 2.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Channels">Channels of input and result.</param>
/// <param name="Scale">The input's <see cref="BlockOutline.Scale"/>.</param>
/// <param name="Padding">1 on all sides, or 0 for one row and column of zeros after the last.</param>
public sealed record DownsamplerBlock(string Name, long Channels, int Scale, long Padding) : BlockOutline(Name, Channels, Channels, Scale)
{
    /// <inheritdoc/>
    public override int ResultScale => Scale + 1;

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOutline> Layers =>
        [new ConvLayer($"{Name}.conv", Channels, Channels, 3, Stride: 2) { Padding = Padding }];

    /// <summary>The result's size. Padding on all sides rounds odd sizes up; padding after the last row and column, down.</summary>
    /// <param name="from">The input's size.</param>
    public MapSize Halve(MapSize from) => Padding == 0 ? from.Halved : from.HalvedUp;
}

/// <summary>Enlarges the map by repeating positions, then smooths with a convolution.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Channels">Channels of input and result.</param>
/// <param name="Scale">The input's <see cref="BlockOutline.Scale"/>.</param>
public sealed record UpsamplerBlock(string Name, long Channels, int Scale) : BlockOutline(Name, Channels, Channels, Scale)
{
    /// <inheritdoc/>
    public override int ResultScale => Scale - 1;

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOutline> Layers => [new ConvLayer($"{Name}.conv", Channels, Channels, 3)];
}
