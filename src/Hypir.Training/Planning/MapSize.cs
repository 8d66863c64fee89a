namespace Hypir.Training.Planning;

/// <summary>A batch of feature maps, without channels.</summary>
internal readonly record struct MapSize(long Batch, long Height, long Width)
{
    /// <summary>Positions of all maps of the batch.</summary>
    public long Positions => Batch * Height * Width;

    /// <summary>Positions of one map.</summary>
    public long Each => Height * Width;

    public MapSize Doubled => this with { Height = 2 * Height, Width = 2 * Width };

    /// <summary>Half as many rows and columns; odd ones rounded down.</summary>
    public MapSize Halved => this with { Height = Height / 2, Width = Width / 2 };

    /// <summary>Half as many rows and columns; odd ones rounded up, as a convolution with padding all round gives.</summary>
    public MapSize HalvedUp => this with { Height = (Height + 1) / 2, Width = (Width + 1) / 2 };
}
