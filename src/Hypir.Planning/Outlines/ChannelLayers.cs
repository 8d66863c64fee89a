namespace Hypir.Planning.Outlines;

/// <summary>A layer with weights whose arithmetic is counted by the position.</summary>
/// <param name="Name">The module's name.</param>
public abstract record CountedLayer(string Name) : ModuleLayer(Name)
{
    /// <summary>Floating-point operations per position of its block's result; a multiply-add counts as 2.</summary>
    public abstract double Operations { get; }
}

/// <summary>Batch normalization by the statistics that training left in the checkpoint.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="Channels">Channels of the map.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record BatchNormLayer(string Name, long Channels, double Epsilon) : CountedLayer(Name)
{
    /// <inheritdoc/>
    public override double Operations => 2 * Channels;

    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights =>
        [Weight(Channels), Shift(Channels), new($"{Name}.running_mean", [Channels]), new($"{Name}.running_var", [Channels])];
}

/// <summary>
/// A transposed convolution whose stride is its kernel's side: each position of the result is written once.
/// </summary>
/// <param name="Name">The module's name.</param>
/// <param name="InChannels">Channels of its input.</param>
/// <param name="OutChannels">Channels of its result.</param>
/// <param name="Factor">Side of the kernel: how many times more rows and columns the result has.</param>
/// <param name="Bias">Whether it has a bias.</param>
public sealed record TransposedConvLayer(string Name, long InChannels, long OutChannels, long Factor, bool Bias) : CountedLayer(Name)
{
    /// <inheritdoc/>
    public override double Operations => 2.0 * InChannels * OutChannels;

    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => Bias ? [Kernels, Shift(OutChannels)] : [Kernels];

    private WeightOutline Kernels => Weight(InChannels, OutChannels, Factor, Factor);
}

/// <summary>
/// A 3x3 convolution that the checkpoint holds in parts: three in a row (1x1, 3x3, 1x1) beside a 1x1 shortcut. The network merges them into
/// one kernel and one bias when it is built.
/// </summary>
/// <param name="Name">The module's name.</param>
/// <param name="InChannels">Channels of its input.</param>
/// <param name="OutChannels">Channels of its result.</param>
/// <param name="Gain">How many times wider the convolutions in a row are within.</param>
public sealed record MergedConvLayer(string Name, long InChannels, long OutChannels, long Gain) : CountedLayer(Name)
{
    private const int Side = 3;

    /// <inheritdoc/>
    public override double Operations => 2.0 * Side * Side * InChannels * OutChannels;

    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights =>
    [
        .. Part("sk", InChannels, OutChannels, 1),
        .. Part("conv.0", InChannels, Gain * InChannels, 1),
        .. Part("conv.1", Gain * InChannels, Gain * OutChannels, Side),
        .. Part("conv.2", Gain * OutChannels, OutChannels, 1),
    ];

    /// <summary>The convolution that the network computes; its tensors are the network's, not the checkpoint's.</summary>
    public ConvLayer Merged => new(Name, InChannels, OutChannels, Side);

    private WeightOutline[] Part(string part, long from, long to, long kernel) =>
        [new($"{Name}.{part}.weight", [to, from, kernel, kernel]), new($"{Name}.{part}.bias", [to])];
}

/// <summary>A tensor that computes nothing: that the checkpoint holds it tells one variant of a network from another.</summary>
/// <param name="Tensor">The tensor's name.</param>
public sealed record MarkerLayer(string Tensor) : LayerOutline
{
    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => [new(Tensor, [1])];
}

/// <summary>Multiplies each channel of the map by a 1x1 convolution of the channels' means over the whole map.</summary>
/// <param name="Name">The convolution's name.</param>
/// <param name="Channels">Channels of the map.</param>
public sealed record ChannelAttentionLayer(string Name, long Channels) : ModuleLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => [Weight(Channels, Channels, 1, 1), Shift(Channels)];
}

/// <summary>A linear map of one vector for the whole image, a map of one position; its operations are not counted.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="InWidth">Numbers of the vector.</param>
/// <param name="OutWidth">Numbers of the result.</param>
public sealed record VectorLayer(string Name, long InWidth, long OutWidth) : ModuleLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => [Weight(OutWidth, InWidth), Shift(OutWidth)];
}

/// <summary>Multiplies each channel of the map by a weight.</summary>
/// <param name="Name">The weight's own name.</param>
/// <param name="Channels">Channels of the map.</param>
public sealed record ChannelScaleLayer(string Name, long Channels) : CountedLayer(Name)
{
    /// <inheritdoc/>
    public override double Operations => 2 * Channels;

    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => [new(Name, [1, Channels, 1, 1])];
}
