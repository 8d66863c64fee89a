namespace Hypir.Planning;

/// <summary>A rectangle of whole pixels within an image.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public readonly record struct PixelArea(int X, int Y, int Width, int Height)
{
    /// <summary>Its size.</summary>
    public PixelSize Size => new(Width, Height);

    /// <summary>The column after the last one; 64 bits, since untrusted numbers may add up to more than 32 hold.</summary>
    public long Right => (long)X + Width;

    /// <summary>The row after the last one.</summary>
    public long Bottom => (long)Y + Height;

    /// <summary>Whether it lies within an image.</summary>
    /// <param name="image">The image's size.</param>
    public bool LiesIn(PixelSize image) =>
        X >= 0 && Y >= 0 && Width > 0 && Height > 0 && Right <= image.Width && Bottom <= image.Height;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{X},{Y},{Width},{Height}");
}

/// <summary>
/// How a part of an image is restored: the model sees a window, which is the area with its surroundings as context, and the area is cut
/// out of the window's result. Work and time are the window's, not the image's.
/// </summary>
public sealed record AreaPlan
{
    /// <summary>The image's size.</summary>
    public required PixelSize Image { get; init; }

    /// <summary>The size of the result.</summary>
    public required PixelSize Result { get; init; }

    /// <summary>
    /// The area, in pixels of the image. It is larger than requested by a few pixels if a scaled part is placed in the rest.
    /// </summary>
    public required PixelArea Area { get; init; }

    /// <summary>The area with its surroundings, in pixels of the image.</summary>
    public required PixelArea Window { get; init; }

    /// <summary>The area in the window's result.</summary>
    public required PixelArea Part { get; init; }

    /// <summary>Where the part is placed in the image's scaled pixels; null if the part alone is the result.</summary>
    public PixelArea? Place { get; init; }

    /// <summary>
    /// The window's first column and row in the scaled image if its model steps lie on those of the whole image; otherwise 0, 0. Noise
    /// depends on the position, so that an area gets the same as in the whole image.
    /// </summary>
    public (int X, int Y) Origin { get; init; }

    /// <summary>The size of the window's result.</summary>
    public PixelSize Scaled { get; init; }

    /// <summary>The resampling factor; null if sizes were requested.</summary>
    public double? Factor { get; init; }
}
