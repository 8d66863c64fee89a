namespace Hypir.Planning;

/// <summary>The sizes of an image on its way from the file to the model.</summary>
/// <param name="Input">The input image.</param>
/// <param name="Scaled">After scaling: the size of the result.</param>
/// <param name="Factor">The factor that gave <paramref name="Scaled"/>, for the resampling; null if a size was requested instead.</param>
/// <param name="Working">After enlarging a small image for the model; otherwise equal to <paramref name="Scaled"/>.</param>
/// <param name="Padded">After padding on the right and at the bottom: the area that the tiles cover.</param>
public sealed record ImageSizes(PixelSize Input, PixelSize Scaled, double? Factor, PixelSize Working, PixelSize Padded)
{
    /// <summary>
    /// The longest side of a result or working image, in pixels: far more than memory allows, but small enough to keep sums in range.
    /// </summary>
    public const int LargestSide = 1 << 20;

    /// <summary>Whether scaling changes anything.</summary>
    public bool Scales => Scaled != Input;

    /// <summary>Whether the model works on an enlarged image.</summary>
    public bool Enlarges => Working != Scaled;

    /// <summary>Computes the sizes.</summary>
    /// <param name="input">The image's size.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="needs">The model's needs.</param>
    /// <param name="tile">The tile side in use, which is the reference's minimum size.</param>
    /// <param name="multiple">The padded sides are multiples of this.</param>
    /// <param name="area">The area whose window is <paramref name="input"/>; null for a whole image.</param>
    /// <exception cref="PlanException">A side of the result would be 0 or exceed the limit.</exception>
    internal static ImageSizes Of(
        PixelSize input, RestoreOptions options, ModelNeeds needs, int tile, int multiple, AreaPlan? area = null)
    {
        (PixelSize scaled, double? factor) = area is null ? Scale(input, options) : (area.Scaled, area.Factor);
        int minimum = needs.Minimum ?? tile;
        bool enlarge = needs.BelowMinimum == BelowMinimum.Enlarge && scaled.Shorter < minimum;
        PixelSize working = enlarge ? WithShorterSide(scaled, minimum) : scaled;
        Check(working, null);
        int least = needs.BelowMinimum == BelowMinimum.Pad ? minimum : 1;
        var padded = new PixelSize(RoundUp(Math.Max(working.Width, least), multiple), RoundUp(Math.Max(working.Height, least), multiple));
        return new(input, scaled, factor, working, padded);
    }

    /// <summary>Sizes of an image that is scaled but seen by no model.</summary>
    internal static ImageSizes Unmodeled(PixelSize input, PixelSize scaled, double? factor) => new(input, scaled, factor, scaled, scaled);

    /// <summary>The size of the result, and the factor; null if a size was requested.</summary>
    /// <exception cref="PlanException">A side would be 0 or exceed the limit.</exception>
    internal static (PixelSize Size, double? Factor) Scale(PixelSize input, RestoreOptions options)
    {
        if (options.LongestSide is int longest)
        {
            // The order of operations is the reference's; truncation makes it observable.
            double factor = (double)longest / input.Longer;
            var size = new PixelSize(
                input.Width == input.Longer ? longest : (int)(input.Width * factor),
                input.Height == input.Longer ? longest : (int)(input.Height * factor));
            return (Check(size, "longest-side"), null);
        }
        if (options.Width is not null || options.Height is not null || options.Megapixels is not null)
            return (Check(Sized(input, options), options.SizeOption), null);
        double width = Math.Floor(input.Width * options.Upscale), height = Math.Floor(input.Height * options.Upscale);
        var scaled = new PixelSize((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue));
        return (Check(scaled, "upscale"), options.Upscale);
    }

    /// <summary>The size that keeps the proportions: rounded, and at least 1 pixel.</summary>
    private static PixelSize Sized(PixelSize input, RestoreOptions options)
    {
        double across = options.Width / (double)input.Width ?? double.PositiveInfinity,
            down = options.Height / (double)input.Height ?? double.PositiveInfinity;
        double factor = options.Megapixels is double pixels ? Math.Sqrt(pixels * 1e6 / input.Pixels) : Math.Min(across, down);
        return new(Side(input.Width), Side(input.Height));

        int Side(int side) => (int)Math.Clamp(Math.Round(side * factor), 1, int.MaxValue);
    }

    private static PixelSize WithShorterSide(PixelSize size, int side)
    {
        double factor = (double)side / size.Shorter;
        return new(
            size.Width == size.Shorter ? side : (int)Math.Min(size.Width * factor, int.MaxValue),
            size.Height == size.Shorter ? side : (int)Math.Min(size.Height * factor, int.MaxValue));
    }

    private static PixelSize Check(PixelSize size, string? option)
    {
        if (size.Shorter < 1)
            throw new PlanException(option, $"The result would be empty ({size} pixels).", "Choose a larger size.");
        if (size.Longer > LargestSide)
            throw new PlanException(option, $"{size} pixels would have to be computed; no side may be longer than {LargestSide}.",
                option is null ? "The image is too narrow for this model: cut it into pieces." : "Choose a smaller size.");
        return size;
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}

/// <summary>The size of an image.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
public readonly record struct PixelSize(int Width, int Height)
{
    /// <summary>Width times height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>The smaller of the two sides.</summary>
    public int Shorter => Math.Min(Width, Height);

    /// <summary>The larger of the two sides.</summary>
    public int Longer => Math.Max(Width, Height);

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";
}
