using Hypir.Planning.Tiles;
using static Hypir.Planning.ComputeChoice;

namespace Hypir.Planning.Memory;

/// <summary>Estimates the memory that a plan needs. Network figures are counted, not measured.</summary>
internal static class MemoryEstimate
{
    /// <summary>The .NET runtime and libtorch, loaded and idle.</summary>
    private const long Program = 225L << 20;

    /// <summary>
    /// Heap fragmentation left by each finished tile with fast kernels: about half a tile's latent, at most this much (measured: 32 MB
    /// after 25 tiles, 110 MB after 81).
    /// </summary>
    private const long MostLeftByTile = 1L << 20;

    /// <summary>Upper bound of that fragmentation: it is trimmed after each row of tiles.</summary>
    private const long MostLeft = 128L << 20;

    /// <summary>A CUDA context and the libraries' workspaces.</summary>
    private const long CudaContext = 600L << 20;

    private const int Colors = 3;

    /// <summary>The parts, largest first within their stage.</summary>
    public static IReadOnlyList<MemoryPart> Of(RestorePlan plan)
    {
        bool gpu = plan.Compute.Device != "cpu";
        var parts = new List<MemoryPart> { new("program and libtorch", Program) };
        if (gpu)
            parts.Add(new(plan.Compute.Graphs is null ? "CUDA context" : "GPU context", CudaContext, OnGpu: true));
        parts.AddRange(Images(plan));
        if (plan.RunsModel)
        {
            parts.AddRange(plan.Passes.Count > 0 ? SinglePassMemory.Of(plan) : [.. Weights(plan, gpu), .. Stages(plan, gpu)]);
        }
        parts.Add(new("rows being finished", FinishingRows(plan), plan.RunsModel ? RestoreStage.Decoding : RestoreStage.Finishing));
        return [.. parts.Where(part => part.Bytes > 0)];
    }

    private static IEnumerable<MemoryPart> Images(RestorePlan plan)
    {
        int sample = plan.BitsPerSample / 8, channels = Colors + (plan.Alpha ? 1 : 0);
        yield return new("input image", plan.Image.Pixels * channels * sample);
        yield return new("result image", plan.Result.Pixels * channels * sample);
        if (plan.Options.Map)
            yield return new("map, and the images that it compares", plan.Result.Pixels * (1 + 2 * channels * sample));
        if (plan.Area is not null)
        {
            yield return new("area with its surroundings", (plan.Sizes.Input.Pixels + plan.Sizes.Scaled.Pixels) * channels * sample);
            // Scaled as a whole, in the type outside of the networks.
            if (plan is { Area.Place: not null, Sizes.Scales: true })
                yield return new(
                    "scaling the image around the area", (plan.Image.Pixels + plan.Result.Pixels) * Colors * PixelBytes(plan),
                    RestoreStage.Finishing);
        }

        yield return new("input image in its own colors", plan.OwnColorBytes);
        yield return new("decoding the file", plan.DecodingBytes, RestoreStage.Loading);
        if (plan.FollowsJpeg)
        {
            yield return new("coefficients of the JPEG file", plan.JpegBytes);
            yield return new("reading these coefficients", plan.JpegBytes * 3 / 2, RestoreStage.Loading);
        }

        bool fits = plan.Passes.Count > 0 && plan.Passes[0].From != plan.Sizes.Input;
        if (fits)
            yield return new("input while it is fitted to the model", plan.Sizes.Input.Pixels * Colors * PixelBytes(plan));
        bool scales = plan.Sizes.Scales && (plan.Passes.Count == 0 || plan.Options.ColorFix || plan.Options.Strength < 1);
        if (scales)
            yield return new("input while it is scaled", plan.Sizes.Input.Pixels * Colors * PixelBytes(plan), RestoreStage.Loading);
        if (plan.FillsTransparency)
            yield return new("colors without transparency", plan.Sizes.Input.Pixels * Colors * sample);
        if (scales)
            yield return new("scaled input", plan.Sizes.Scaled.Pixels * Colors * PixelBytes(plan));
        if (plan.Sizes.Scales && plan.RunsModel && plan.Options.Strength < 1)
            yield return new("scaled input to blend with", plan.Sizes.Scaled.Pixels * Colors * sample, RestoreStage.Finishing);
    }

    private static IEnumerable<MemoryPart> Weights(RestorePlan plan, bool gpu)
    {
        StageNeeds encoder = Of(RestoreStage.Encoding), unet = Of(RestoreStage.Restoring), decoder = Of(RestoreStage.Decoding);
        yield return new("UNet weights", unet.WeightBytes, OnGpu: gpu) { Stays = true };
        yield return new("VAE weights", encoder.WeightBytes + decoder.WeightBytes, OnGpu: gpu) { Stays = true };
        yield return new("transformed kernels", unet.KernelBytes + encoder.KernelBytes + decoder.KernelBytes) { Stays = true };
        yield return new("text encoder weights", plan.Model.TextCosts().Parameters * BytesOf(plan.Compute.UNet),
            OnGpu: gpu && plan.Compute.Graphs is null)
        {
            Stays = true,
        };
        // torch keeps the weights too: for the text, and in case the GPU fails.
        if (plan.Compute.Graphs is not null)
            yield return new("weights beside the GPU's", unet.WeightBytes + encoder.WeightBytes + decoder.WeightBytes) { Stays = true };

        StageNeeds Of(RestoreStage stage) => StageNeeds.Of(plan, stage);
    }

    private static IEnumerable<MemoryPart> Stages(RestorePlan plan, bool gpu)
    {
        int factor = plan.Model.Factor, pixel = PixelBytes(plan), channels = plan.Model.LatentChannels;
        long row = (long)plan.Sizes.Padded.Width / factor * channels * pixel;
        if (plan.Sizes.Enlarges)
            yield return new("enlarged input", plan.Sizes.Working.Pixels * Colors * pixel, RestoreStage.Encoding);
        if (!gpu && plan.Kernels == StageKernels.Fast && plan.Restoring.Tiles.Count > 1)
            yield return new("fragmentation left by tiles", Left(plan.Restoring.Tiles, channels * pixel));
        yield return new("one tile in the encoder", Alive(RestoreStage.Encoding), RestoreStage.Encoding, gpu);
        yield return new(
            plan.Restoring.TilesPerBatch > 1 ? "tiles in the UNet" : "one tile in the UNet",
            Alive(RestoreStage.Restoring), RestoreStage.Restoring, gpu);
        yield return new("one tile in the decoder", Alive(RestoreStage.Decoding), RestoreStage.Decoding, gpu);
        if (plan.Sizes.Enlarges)
            yield return new(
                "enlarged result", (plan.Sizes.Working.Pixels + plan.Sizes.Scaled.Pixels) * Colors * pixel, RestoreStage.Decoding);

        foreach (
            (RestoreStage stage, long bytes) in new[]
            {
                (RestoreStage.Encoding, Strip(plan.Encoding, channels, pixel)),
                (RestoreStage.Restoring, Strip(plan.Restoring, channels, pixel)),
                (RestoreStage.Decoding, Strip(plan.Decoding, Colors, pixel)),
            }
        )
        {
            yield return new("rows of tiles", bytes, plan.ByBands ? null : stage);
            // The UNet's result replaces its input, row by row.
            if (!plan.ByBands)
                yield return new("latent", row * (plan.Sizes.Padded.Height / factor), stage);
        }
        if (plan.ByBands)
            yield return new(
                "rows of latents",
                row * (RestorePlan.RowsBetween(plan.Encoding, plan.Restoring) + RestorePlan.RowsBetween(plan.Restoring, plan.Decoding)));

        long Alive(RestoreStage stage) => StageNeeds.Of(plan, stage).BatchBytes;
    }

    private static long Left(TileGrid tiles, int positionBytes) =>
        Math.Min(tiles.Count * Math.Min((long)tiles.Rows.Tile * tiles.Columns.Tile * positionBytes / 2, MostLeftByTile), MostLeft);

    /// <summary>The sums of values and weights of one row of tiles, and the rows passed on.</summary>
    private static long Strip(StagePlan stage, int channels, int bytes)
    {
        TileGrid tiles = stage.Scale.Of(stage.Tiles);
        return tiles.Count <= 1 ? 0 : (long)tiles.Rows.Tile * tiles.Columns.Length * (2 * channels + 1) * bytes;
    }

    /// <summary>About six tensors of a band plus the color fix's reach.</summary>
    private static long FinishingRows(RestorePlan plan)
    {
        long rows = Math.Min(plan.FinishingRows + 2 * ColorFixReach.Rows, plan.Sizes.Scaled.Height);
        return 6 * Colors * rows * plan.Sizes.Scaled.Width * PixelBytes(plan);
    }

    /// <summary>Bytes of a sample outside of the networks.</summary>
    internal static int PixelBytes(RestorePlan plan) => plan.Compute.Vae == ComputePrecision.Float64 ? 8 : 4;
}

/// <summary>One of the items that a restoration needs memory for.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Stage">The stage that needs it, or null if it is needed throughout.</param>
/// <param name="OnGpu">Whether it is in GPU memory.</param>
public sealed record MemoryPart(string Name, long Bytes, RestoreStage? Stage = null, bool OnGpu = false)
{
    /// <summary>Whether it stays while the model is loaded, between jobs too.</summary>
    public bool Stays { get; init; }
}
