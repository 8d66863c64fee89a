namespace Hypir.Planning.Outlines;

/// <summary>The size of a batch of feature maps, without channels.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Batch">Number of maps.</param>
public readonly record struct MapSize(long Height, long Width, long Batch = 1)
{
    /// <summary>Positions of one map.</summary>
    public long Each => Height * Width;

    /// <summary>Positions of all maps of the batch.</summary>
    public long Positions => Batch * Each;

    /// <summary>The length of a sequence, summed over all maps of the batch.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="tokens">Length of the text embedding.</param>
    public long Length(SequenceKind sequence, long tokens) => sequence switch
    {
        SequenceKind.Positions => Positions,
        SequenceKind.Tokens => Batch * tokens,
        _ => Batch,
    };

    /// <summary>Twice as many rows and columns.</summary>
    public MapSize Doubled => this with { Height = 2 * Height, Width = 2 * Width };

    /// <summary>Half as many rows and columns, rounded down.</summary>
    public MapSize Halved => this with { Height = Height / 2, Width = Width / 2 };

    /// <summary>Half as many rows and columns, rounded up, as by a convolution with padding on all sides.</summary>
    public MapSize HalvedUp => this with { Height = (Height + 1) / 2, Width = (Width + 1) / 2 };
}
