using System.Globalization;

namespace Hypir.Planning;

/// <summary>Everything that a user can choose about one restoration. The defaults are the command line's.</summary>
public sealed record RestoreOptions
{
    /// <summary>Enlargement factor, above 0 (1 keeps the size). Ignored if a size is set.</summary>
    public double Upscale { get; init; } = 1;

    /// <summary>The longer side of the result in pixels, or null.</summary>
    public int? LongestSide { get; init; }

    /// <summary>The width of the result in pixels, or null. With <see cref="Height"/>, the result fits into both.</summary>
    public int? Width { get; init; }

    /// <summary>The height of the result in pixels, or null.</summary>
    public int? Height { get; init; }

    /// <summary>The pixels of the result in millions, or null.</summary>
    public double? Megapixels { get; init; }

    /// <summary>The option that sets the size of the result, for messages.</summary>
    public string SizeOption => LongestSide is not null ? "longest-side"
        : Width is not null ? "width"
        : Height is not null ? "height"
        : Megapixels is not null ? "megapixels"
        : "upscale";

    /// <summary>The part of the image to restore, in its pixels; null for all of it.</summary>
    public PixelArea? Area { get; init; }

    /// <summary>
    /// Whether the result is the whole (scaled) image, in which only <see cref="Area"/> is restored and nothing else changes. Otherwise
    /// the area alone is the result.
    /// </summary>
    public bool KeepsRest { get; init; }

    /// <summary>Blend with the (scaled) input after the model: 1 is the model's result, 0 the input.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Tile size in pixels of the model's input, or null for the model's default.</summary>
    public int? Tile { get; init; }

    /// <summary>Distance between tiles in pixels, or null for the model's default.</summary>
    public int? Stride { get; init; }

    /// <summary>The compute mode.</summary>
    public RestoreMode Mode { get; init; }

    /// <summary>The type in which the networks compute.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>A name that <see cref="DeviceName.Parse"/> knows.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>The UNet's timestep input, 0 … 999, or null for the model's default (200).</summary>
    public int? ModelT { get; init; }

    /// <summary>
    /// Timestep of the one-step formula, 0 … 999, or null for the model's default (200). It is the only real control over the model's
    /// strength.
    /// </summary>
    public int? CoeffT { get; init; }

    /// <summary>A description of the image; empty for none.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>Seed of the posterior noise.</summary>
    public long Seed { get; init; } = Defaults.Seed;

    /// <summary>
    /// The setting of a single-pass network that has one (<see cref="Outlines.SinglePassOutline.Dial"/>), or null for its
    /// standard.
    /// </summary>
    public double? Dial { get; init; }

    /// <summary>
    /// Whether a single-pass network's result gets the low frequencies of its input, as a diffusion model's always does.
    /// </summary>
    public bool ColorFix { get; init; }

    /// <summary>Whether the result of a JPEG file is moved to what the file's own coefficients allow.</summary>
    public JpegConsistency JpegConsistent { get; init; }

    /// <summary>
    /// Whether to map where the result departs from what the input supports; for models with noise that takes twice the time.
    /// </summary>
    public bool Map { get; init; }

    /// <summary>
    /// Whether a single-pass network that does not enlarge is kept to what the image's estimated damage explains, if it has no setting of
    /// its own (<see cref="Dial"/>).
    /// </summary>
    public bool LimitChange { get; init; } = true;

    /// <summary>The same for a whole image at its own size. Not a property, which printing this record would follow forever.</summary>
    public RestoreOptions AtOwnSize() => this with
    {
        Upscale = 1,
        LongestSide = null,
        Width = null,
        Height = null,
        Megapixels = null,
        Area = null,
        Map = false,
    };

    /// <summary>LoRA weights stay beside the base weights instead of being merged into them.</summary>
    public bool Unmerged { get; init; }
}

/// <summary>When the result of a JPEG file is moved to what the file's coefficients allow.</summary>
public enum JpegConsistency
{
    /// <summary>
    /// If the model works on the file's own pixels and invents nothing, and if its result shows that it undid only compression.
    /// </summary>
    Auto,

    /// <summary>Whenever the result has the size of its image.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}

/// <summary>The compute mode.</summary>
public enum RestoreMode
{
    /// <summary>The default: as good and as fast as this program can compute.</summary>
    Fast,

    /// <summary>Follows the reference implementation step by step, including its quirks.</summary>
    Reference,
}

/// <summary>What to do with an image smaller than the model's minimum.</summary>
public enum BelowMinimum
{
    /// <summary>
    /// Enlarges the shorter side to the minimum and scales the result back. The reference does so, with the tile as its minimum.
    /// </summary>
    Enlarge,

    /// <summary>Pads the image.</summary>
    Pad,
}

/// <summary>The ranges of <see cref="RestoreOptions"/> that depend on neither image nor machine.</summary>
internal static class OptionRules
{
    private const int Timesteps = 1000;

    /// <summary>Rejects options that are out of range or do not fit the model.</summary>
    /// <exception cref="PlanException">The first option at fault.</exception>
    public static void Check(RestoreOptions options, ModelFacts model)
    {
        Require(double.IsFinite(options.Upscale) && options.Upscale > 0, "upscale", "must be a number above 0", options.Upscale);
        Require(options.LongestSide is null or >= 1, "longest-side", "must be at least 1", options.LongestSide);
        Require(options.Width is null or >= 1, "width", "must be at least 1", options.Width);
        Require(options.Height is null or >= 1, "height", "must be at least 1", options.Height);
        Require(options.Megapixels is null or (> 0 and < 1e6), "megapixels", "must be above 0", options.Megapixels);
        Require(options.Strength is >= 0 and <= 1, "strength", "must be from 0 to 1", options.Strength);
        Require(options.ModelT is null or (>= 0 and < Timesteps), "t", $"must be from 0 to {Timesteps - 1}", options.ModelT);
        Require(options.CoeffT is null or (>= 0 and < Timesteps), "coeff-t", $"must be from 0 to {Timesteps - 1}", options.CoeffT);
        Require(options.Dial is null || model.SinglePass is not null, "dial", "is for single-pass networks", options.Dial);
        Require(!options.ColorFix || model.SinglePass is not null, "color-fix", "is for single-pass networks", options.ColorFix);
        CheckTiles(options, model);
        if (options.Prompt.Length > 0 && !model.ReadsPrompts)
            throw new PlanException(
                "prompt", "This model has no text encoder: it cannot read a prompt.", "Leave the prompt out, or choose another model.");
    }

    private static void CheckTiles(RestoreOptions options, ModelFacts model)
    {
        int multiple = model.Multiple;
        int tile = model.TileOf(options), stride = model.StrideOf(options);
        if (tile < multiple || tile % multiple != 0)
            throw Steps("tile", tile, multiple);
        Require(tile <= ImageSizes.LargestSide, "tile", $"must be at most {ImageSizes.LargestSide}", tile);
        Require(tile >= (model.Needs.Minimum ?? 0), "tile", $"must be at least {model.Needs.Minimum}, this model's minimum", tile);
        if (stride < multiple || stride % multiple != 0)
            throw Steps("stride", stride, multiple);
        if (stride > tile)
            throw new PlanException(
                "stride",
                string.Create(CultureInfo.InvariantCulture, $"--stride {stride} is larger than the tile: it must be {tile} or less."));
    }

    /// <summary>Names the nearest sizes that the model can compute.</summary>
    private static PlanException Steps(string option, int value, int multiple)
    {
        long below = value / multiple * (long)multiple, above = Math.Max(below, 0) + multiple;
        string near = below > 0 ? $"try {below} or {above}" : $"try {above}";
        return new(option, string.Create(CultureInfo.InvariantCulture, $"--{option} {value} is not a multiple of {multiple}; {near}."));
    }

    private static void Require(bool holds, string option, string rule, object? value)
    {
        if (!holds)
            throw new PlanException(option, string.Create(CultureInfo.InvariantCulture, $"--{option} {rule}, not {value}."));
    }
}
