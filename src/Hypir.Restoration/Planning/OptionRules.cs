using System.Globalization;

namespace Hypir.Restoration.Planning;

/// <summary>The ranges of <see cref="RestoreOptions"/> that need neither picture nor machine.</summary>
internal static class OptionRules
{
    private const int Timesteps = 1000;

    /// <summary>Refuses what is out of range or does not fit the model.</summary>
    /// <exception cref="PlanException">The first option at fault.</exception>
    public static void Check(RestoreOptions options, ModelFacts model)
    {
        Require(double.IsFinite(options.Upscale) && options.Upscale > 0, "upscale", "must be a number above 0", options.Upscale);
        Require(options.LongestSide is null or >= 1, "longest-side", "must be at least 1", options.LongestSide);
        Require(options.Strength is >= 0 and <= 1, "strength", "must be from 0 to 1", options.Strength);
        Require(options.ModelT is null or (>= 0 and < Timesteps), "t", $"must be from 0 to {Timesteps - 1}", options.ModelT);
        Require(options.CoeffT is null or (>= 0 and < Timesteps), "coeff-t", $"must be from 0 to {Timesteps - 1}", options.CoeffT);
        CheckTiles(options, model);
        if (options.Prompt.Length > 0 && !model.ReadsPrompts)
            throw new PlanException("prompt", "This model has no text encoder: it cannot read a prompt.", "Leave the prompt away, or choose another model.");
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
