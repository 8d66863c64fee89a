using Hypir.Planning;
using Hypir.Planning.Memory;

namespace Hypir.Engine.Reporting;

/// <summary>A plan in the terms of the command line.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Width">The image's width in pixels.</param>
/// <param name="Height">The image's height in pixels.</param>
/// <param name="OutputWidth">The result's width in pixels.</param>
/// <param name="OutputHeight">The result's height in pixels.</param>
/// <param name="Device">The device.</param>
/// <param name="Precision">The compute type.</param>
/// <param name="Tiles">Number of tiles of each stage, by the stage's name.</param>
/// <param name="TileSizes">Size of the tiles of each stage in pixels, by the stage's name; empty if the model does not run.</param>
/// <param name="MemoryBytes">Estimated peak memory.</param>
/// <param name="Seconds">Estimate from this machine's measured speed; null if the model never ran here.</param>
/// <param name="Notes">Notes for the user, one sentence each.</param>
internal sealed record PlanSummary(
    string Model, int Width, int Height, int OutputWidth, int OutputHeight, string Device, string Precision,
    IReadOnlyDictionary<string, int> Tiles, IReadOnlyDictionary<string, TileSize> TileSizes, long MemoryBytes, double? Seconds,
    IReadOnlyList<string> Notes)
{
    /// <summary>The file of LoRA weights; null if none.</summary>
    public string? Lora { get; init; }

    /// <summary>The prompt; null if none.</summary>
    public string? Prompt { get; init; }

    /// <summary>Whether there is enough memory.</summary>
    public bool Fits { get; init; } = true;

    /// <summary>Summarizes a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="lora">The LoRA weights; null if none.</param>
    /// <param name="reason">Why this model was chosen; null if it was named.</param>
    /// <param name="cut">That the prompt is too long; null if it is not.</param>
    public static PlanSummary Of(RestorePlan plan, string? lora, string? reason = null, string? cut = null)
    {
        bool gpu = plan.Compute.Device != "cpu";
        List<string> notes = reason is null ? [] : [reason];
        if (plan.Area is { } area)
            notes.Add(
                $"Only {plan.Options.Area!.Value.Size} pixels at {plan.Options.Area.Value.X},{plan.Options.Area.Value.Y} are restored; "
                + $"the model sees {area.Window.Size}, with their surroundings.");
        if (plan.Sizes.Enlarges)
            notes.Add($"The model works on {plan.Sizes.Working} pixels, its smallest size; the result is scaled back.");
        if (plan.Passes.Count > 0)
            notes.AddRange(PassNotes(plan));
        if (cut is not null)
            notes.Add(cut);
        if (plan.ByBands)
            notes.Add("Not enough memory for whole latents: the stages process the image in bands. The result is the same.");
        if (!plan.Fits)
            notes.Add($"This will be refused unless you pass --force: {MemoryException.Describe(plan)}");
        return new(
            plan.Model.Name,
            plan.Image.Width,
            plan.Image.Height,
            plan.Result.Width,
            plan.Result.Height,
            plan.Compute.Device,
            plan.Compute.UNet.ToString().ToLowerInvariant(),
            plan.Model.SinglePass is not null
                ? new Dictionary<string, int> { ["restore"] = plan.Passes.Sum(pass => pass.Stage.Tiles.Count) }
                : new Dictionary<string, int>
                {
                    ["encode"] = plan.Encoding.Tiles.Count,
                    ["restore"] = plan.Restoring.Tiles.Count,
                    ["decode"] = plan.Decoding.Tiles.Count,
                },
            SizesOf(plan),
            gpu ? plan.PeakGpuMemory : plan.PeakMemory, plan.Seconds, notes)
        {
            Lora = lora,
            Prompt = plan.Options.Prompt.Length > 0 ? plan.Options.Prompt : null,
            Fits = plan.Fits,
        };
    }

    private static IEnumerable<string> PassNotes(RestorePlan plan)
    {
        int scale = plan.Model.SinglePass!.Scale, count = plan.Passes.Count;
        PixelSize result = plan.Passes[^1].To, wanted = plan.Sizes.Scaled;
        if (plan.Model.SinglePass.Needs.Side is int side)
        {
            yield return $"The face is restored in {side}x{side} pixels, and its result is brought to {wanted}.";
            yield break;
        }

        if (count > 1)
            yield return $"The network enlarges {scale} times and runs {count} times, one on the result of the other.";
        if (result.Width < wanted.Width || result.Height < wanted.Height)
            yield return $"The network does not enlarge: its result is enlarged to {wanted} by bicubic resampling.";
        else if (result != wanted)
            yield return $"The network's result of {result} pixels is reduced by area.";
        if (plan.Model.SinglePass.Needs.WholeImage && plan.Passes.Any(pass => pass.Stage.Tiles.Count > 1))
            yield return "The network looks at whole images, and this one is too large for that: tiles may differ slightly in brightness.";
    }

    private static Dictionary<string, TileSize> SizesOf(RestorePlan plan)
    {
        if (!plan.RunsModel)
            return [];
        if (plan.Model.SinglePass is not null)
            return new() { ["restore"] = TileSize.Of(plan.UNetTile) };
        TileSize vae = TileSize.Of(plan.VaeTile);
        return new() { ["encode"] = vae, ["restore"] = TileSize.Of(plan.UNetTile), ["decode"] = vae };
    }
}

/// <summary>The size of a stage's tiles.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
internal sealed record TileSize(int Width, int Height)
{
    /// <summary>Converts a plan's size.</summary>
    public static TileSize Of(PixelSize size) => new(size.Width, size.Height);

    /// <inheritdoc/>
    public override string ToString() => new PixelSize(Width, Height).ToString();
}
