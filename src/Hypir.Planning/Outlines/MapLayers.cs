namespace Hypir.Planning.Outlines;

/// <summary>
/// A place where a map is kept, so that a later layer can read it. A block's layers are a program over one current map: each layer reads
/// the result of the one before it, the first one of a network reads the image, and the last one's result is the network's.
/// </summary>
/// <param name="Place">The place's name; keeping another map there replaces the first.</param>
public sealed record KeepLayer(string Place) : LayerOutline;

/// <summary>Continues with a kept map.</summary>
/// <param name="Place">Where it was kept.</param>
public sealed record RecallLayer(string Place) : LayerOutline
{
    /// <summary>The place of the network's input, which is kept from the beginning.</summary>
    public const string Image = "image";
}

/// <summary>Adds a kept map.</summary>
/// <param name="Place">Where it was kept.</param>
public sealed record AddLayer(string Place) : LayerOutline;

/// <summary>Multiplies by a kept map.</summary>
/// <param name="Place">Where it was kept.</param>
public sealed record MultiplyLayer(string Place) : LayerOutline;

/// <summary>Concatenates kept maps along the channels; the current map is dropped unless it was kept.</summary>
/// <param name="Places">Where they were kept.</param>
public sealed record JoinLayer(params IReadOnlyList<string> Places) : LayerOutline;

/// <summary>Keeps parts of the channels, each in its place; the current map stays.</summary>
/// <param name="Parts">The places, and how many channels go to each, in order.</param>
public sealed record CutLayer(params IReadOnlyList<(string Place, long Channels)> Parts) : LayerOutline;

/// <summary>
/// Turns a map into its positions as a sequence, or back. Linear maps, layer norms and attention within windows then apply to each
/// position.
/// </summary>
/// <param name="Sequence">Whether the result is a sequence.</param>
public sealed record LayoutLayer(bool Sequence) : LayerOutline;

/// <summary>Multiplies by a number, then adds one.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="Shift">The number to add.</param>
public sealed record AffineLayer(double Factor, double Shift = 0) : LayerOutline;

/// <summary>Subtracts a number from each channel.</summary>
/// <param name="Numbers">One number for each channel.</param>
public sealed record CenterLayer(params IReadOnlyList<float> Numbers) : LayerOutline;

/// <summary>A rectifier that multiplies negative numbers by a slope.</summary>
/// <param name="Slope">The slope.</param>
public sealed record LeakyReluLayer(double Slope) : LayerOutline;

/// <summary>Multiplies the first half of the channels by the second.</summary>
public sealed record GateLayer : LayerOutline;

/// <summary>Makes pixels of channels (Shi et al., 2016): factor² fewer channels, in factor times as many rows and columns.</summary>
/// <param name="Factor">The factor.</param>
public sealed record ShuffleLayer(int Factor) : LayerOutline;

/// <summary>The opposite of <see cref="ShuffleLayer"/>.</summary>
/// <param name="Factor">The factor.</param>
public sealed record UnshuffleLayer(int Factor) : LayerOutline;

/// <summary>Repeats each position: factor times as many rows and columns.</summary>
/// <param name="Factor">The factor.</param>
public sealed record RepeatLayer(int Factor) : LayerOutline;

/// <summary>The largest number of each field of positions: factor times fewer rows and columns.</summary>
/// <param name="Factor">Side of a field.</param>
public sealed record MaximumLayer(int Factor) : LayerOutline;

/// <summary>Adds rows below and columns to the right up to multiples of a number.</summary>
/// <param name="Multiple">The number.</param>
/// <param name="Kind">What they hold.</param>
public sealed record MarginLayer(long Multiple, MarginKind Kind) : LayerOutline;

/// <summary>What a margin holds.</summary>
public enum MarginKind
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The map reflected at its edge, which is not repeated.</summary>
    Reflected,

    /// <summary>The last row or column, again and again.</summary>
    Repeated,
}

/// <summary>Removes what exceeds the network's result: the image's rows and columns, times the network's scale.</summary>
public sealed record CropLayer : LayerOutline;

/// <summary>Concatenates a channel that holds the value of <see cref="SinglePassOutline.Dial"/> over white, 255, everywhere.</summary>
public sealed record DialLayer : LayerOutline;

/// <summary>
/// Where <see cref="SinglePassOutline.Dial"/> is set, continues with its value times a factor plus a shift, and not with the estimate that
/// is the current map.
/// </summary>
/// <param name="Factor">The factor.</param>
/// <param name="Shift">The number to add.</param>
public sealed record EstimatedDialLayer(double Factor, double Shift) : LayerOutline;

/// <summary>The mean of each channel: a map of one position, whose numbers later layers apply to all positions of another.</summary>
public sealed record MeansLayer : LayerOutline;
