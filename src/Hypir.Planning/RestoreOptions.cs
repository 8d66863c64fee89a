using System.Globalization;

namespace Hypir.Planning;

/// <summary>Everything that a user can choose about one restoration. The defaults are the command line's.</summary>
public sealed record RestoreOptions
{
    /// <summary>Enlargement factor, above 0 (1 keeps the size). Ignored if <see cref="LongestSide"/> is set.</summary>
    public double Upscale { get; init; } = 1;

    /// <summary>The longer side of the result in pixels, or null.</summary>
    public int? LongestSide { get; init; }

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

    /// <summary>"auto", "cpu", "cuda" or "cuda:N".</summary>
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

    /// <summary>LoRA weights stay beside the base weights instead of being merged into them.</summary>
    public bool Unmerged { get; init; }
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
        string steps = multiple > 1 ? $"a multiple of {multiple} (this model works in steps of so many pixels)" : "at least 1";
        Require(tile >= multiple && tile % multiple == 0 && tile <= ImageSizes.LargestSide, "tile", $"must be {steps}", tile);
        Require(tile >= (model.Needs.Minimum ?? 0), "tile", $"must be at least {model.Needs.Minimum}, this model's minimum", tile);
        Require(stride >= multiple && stride % multiple == 0, "stride", $"must be {steps}", stride);
        Require(stride <= tile, "stride", $"must not be larger than the tile ({tile}): tiles would leave gaps", stride);
    }

    private static void Require(bool holds, string option, string rule, object? value)
    {
        if (!holds)
            throw new PlanException(option, string.Create(CultureInfo.InvariantCulture, $"--{option} {rule}, not {value}."));
    }
}
