namespace Hypir.Planning.Outlines;

/// <summary>One operation within a block: its attributes, and the checkpoint tensors that it reads.</summary>
public abstract record LayerOutline
{
    /// <summary>The tensors that it reads; empty for an operation without weights.</summary>
    public virtual IEnumerable<WeightOutline> Weights => [];
}

/// <summary>A tensor of the checkpoint.</summary>
/// <param name="Name">Its key, such as <c>down_blocks.0.resnets.0.conv1.weight</c>.</param>
/// <param name="Shape">Its shape.</param>
public sealed record WeightOutline(string Name, IReadOnlyList<long> Shape);

/// <summary>An operation that belongs to a module of the checkpoint.</summary>
/// <param name="Name">The module's name, such as <c>down_blocks.0.resnets.0.conv1</c>.</param>
public abstract record ModuleLayer(string Name) : LayerOutline
{
    /// <summary>The module's main tensor.</summary>
    /// <param name="shape">Its shape.</param>
    protected WeightOutline Weight(params long[] shape) => new(Name + ".weight", shape);

    /// <summary>The vector that the module adds, one number per channel.</summary>
    /// <param name="channels">Number of channels.</param>
    protected WeightOutline Shift(long channels) => new(Name + ".bias", [channels]);
}

/// <summary>A convolution with a square kernel.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="InChannels">Channels of its input.</param>
/// <param name="OutChannels">Channels of its result.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Stride">1, or 2 to halve the map.</param>
public sealed record ConvLayer(string Name, long InChannels, long OutChannels, long Kernel, long Stride = 1) : ModuleLayer(Name)
{
    /// <summary>Zeros on all sides; with a stride of 2, 0 means one row and one column after the last.</summary>
    public long Padding { get; init; } = (Kernel - 1) / 2;

    /// <summary>Groups of channels that are convolved separately; as many as channels for a depthwise convolution.</summary>
    public long Groups { get; init; } = 1;

    /// <summary>Whether it has a bias.</summary>
    public bool Bias { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => Bias ? [Kernels, Shift(OutChannels)] : [Kernels];

    private WeightOutline Kernels => Weight(OutChannels, InChannels / Groups, Kernel, Kernel);
}

/// <summary>A rectifier with its own negative slope for each channel.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="Channels">Channels of the map.</param>
public sealed record PReluLayer(string Name, long Channels) : ModuleLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => [Weight(Channels)];
}

/// <summary>
/// Another operation of a single-pass network, whose outline lists its tensors and arithmetic.
/// </summary>
/// <param name="Tensors">The tensors that it reads.</param>
/// <param name="Operations">Floating-point operations per position of its block's result; a multiply-add counts as 2.</param>
public sealed record OtherLayer(IReadOnlyList<WeightOutline> Tensors, double Operations = 0) : LayerOutline
{
    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => Tensors;
}

/// <summary>A linear map of each element of a sequence.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="InWidth">Numbers per element.</param>
/// <param name="OutWidth">Numbers per result.</param>
/// <param name="Sequence">The sequence.</param>
/// <param name="Bias">Whether it has a bias.</param>
public sealed record LinearLayer(string Name, long InWidth, long OutWidth, SequenceKind Sequence, bool Bias = true) : ModuleLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => Bias ? [Weight(OutWidth, InWidth), Shift(OutWidth)] : [Weight(OutWidth, InWidth)];
}

/// <summary>The input of a linear map or an attention.</summary>
public enum SequenceKind
{
    /// <summary>The positions of the map.</summary>
    Positions,

    /// <summary>The tokens of the text.</summary>
    Tokens,

    /// <summary>The timestep's embedding: one vector per map of the batch.</summary>
    Timestep,
}

/// <summary>Normalization over groups of channels, with a scale and a shift per channel.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="Channels">Channels of the map.</param>
/// <param name="Groups">Number of groups.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record GroupNormLayer(string Name, long Channels, long Groups, double Epsilon) : ModuleLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => [Weight(Channels), Shift(Channels)];
}

/// <summary>Normalization of each position over its channels, with a scale and a shift per channel.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="Channels">Channels of the sequence.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record LayerNormLayer(string Name, long Channels, double Epsilon) : ModuleLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<WeightOutline> Weights => [Weight(Channels), Shift(Channels)];
}

/// <summary>An elementwise function.</summary>
/// <param name="Function">
/// Its name in a configuration ("silu"); "geglu" multiplies the first half of the channels by the GELU of the second.
/// </param>
public sealed record ActivationLayer(string Function) : LayerOutline;

/// <summary>Attention of the positions to a sequence: <c>softmax(Q Kᵀ / √d) V</c> for each head.</summary>
/// <param name="Width">Width of all heads together.</param>
/// <param name="Heads">Number of heads.</param>
/// <param name="Keys">The sequence.</param>
/// <param name="Upcast">Whether it is computed in float32 for any type of the weights.</param>
public sealed record AttentionLayer(long Width, long Heads, SequenceKind Keys, bool Upcast = false) : LayerOutline;

/// <summary>Sines and cosines of the timestep, computed in float32.</summary>
/// <param name="Width">Number of sines and cosines together.</param>
/// <param name="CosinesFirst">Whether cosines come first.</param>
/// <param name="Shift">Shift of the frequencies.</param>
public sealed record SinusoidLayer(long Width, bool CosinesFirst, double Shift) : LayerOutline;
