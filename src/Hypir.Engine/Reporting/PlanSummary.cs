using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Memory;

namespace Hypir.Engine.Reporting;

/// <summary>What a plan says, in the words of the command line.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Width">The image's width in pixels.</param>
/// <param name="Height">The image's height in pixels.</param>
/// <param name="OutputWidth">The result's width in pixels.</param>
/// <param name="OutputHeight">The result's height in pixels.</param>
/// <param name="Device">Where it is computed.</param>
/// <param name="Precision">The type it is computed in.</param>
/// <param name="Tiles">Number of tiles of each stage, by the stage's name.</param>
/// <param name="TileSizes">Size of the tiles of each stage in pixels, by the stage's name; none where the model does not run.</param>
/// <param name="MemoryBytes">Estimate of the largest use of memory.</param>
/// <param name="Seconds">Estimate from this machine's measured speed; null where the model never ran here.</param>
/// <param name="Notes">What else is worth knowing, a sentence each.</param>
internal sealed record PlanSummary(
    string Model, int Width, int Height, int OutputWidth, int OutputHeight, string Device, string Precision,
    IReadOnlyDictionary<string, int> Tiles, IReadOnlyDictionary<string, TileSize> TileSizes, long MemoryBytes, double? Seconds,
    IReadOnlyList<string> Notes)
{
    /// <summary>File of LoRA weights; null without.</summary>
    public string? Lora { get; init; }

    /// <summary>What the image shows; null where nothing is said.</summary>
    public string? Prompt { get; init; }

    /// <summary>Whether memory suffices.</summary>
    public bool Fits { get; init; } = true;

    /// <summary>Puts a plan in words.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="lora">LoRA weights; null without.</param>
    public static PlanSummary Of(RestorePlan plan, string? lora)
    {
        bool gpu = plan.Compute.Device != "cpu";
        List<string> notes = [];
        if (plan.Sizes.Enlarges)
            notes.Add($"The model works on {plan.Sizes.Working} pixels, its smallest size; the result is scaled back.");
        if (plan.ByBands)
            notes.Add("Memory does not hold whole latents: the stages take turns, band by band. The result is the same.");
        if (!plan.Fits)
            notes.Add($"It is refused, unless --force is given: {MemoryException.Describe(plan)}");
        return new(
            plan.Model.Name,
            plan.Sizes.Input.Width,
            plan.Sizes.Input.Height,
            plan.Sizes.Scaled.Width,
            plan.Sizes.Scaled.Height,
            plan.Compute.Device,
            plan.Compute.UNet.ToString().ToLowerInvariant(),
            new Dictionary<string, int>
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

    private static Dictionary<string, TileSize> SizesOf(RestorePlan plan)
    {
        if (!plan.RunsModel)
            return [];
        TileSize vae = TileSize.Of(plan.VaeTile);
        return new() { ["encode"] = vae, ["restore"] = TileSize.Of(plan.UNetTile), ["decode"] = vae };
    }
}

/// <summary>The size of a stage's tiles.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
internal sealed record TileSize(int Width, int Height)
{
    /// <summary>A plan's size in the words of the command line.</summary>
    public static TileSize Of(PixelSize size) => new(size.Width, size.Height);

    /// <inheritdoc/>
    public override string ToString() => new PixelSize(Width, Height).ToString();
}
