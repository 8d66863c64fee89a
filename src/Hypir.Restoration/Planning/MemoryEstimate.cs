using Hypir.Restoration.Pipeline;
using static Hypir.Restoration.Planning.ComputeChoice;

namespace Hypir.Restoration.Planning;

/// <summary>Adds up what a plan needs memory for. The figures of the networks are counted, not measured.</summary>
internal static class MemoryEstimate
{
    /// <summary>The .NET runtime and libtorch, loaded and idle.</summary>
    private const long Program = 250L << 20;

    /// <summary>A CUDA context and the libraries' workspaces.</summary>
    private const long CudaContext = 600L << 20;

    private const int Colours = 3;

    /// <summary>The parts, the largest first within their stage.</summary>
    public static IReadOnlyList<MemoryPart> Of(RestorePlan plan)
    {
        bool card = plan.Compute.Device != "cpu";
        var parts = new List<MemoryPart> { new("program and libtorch", Program) };
        if (card)
            parts.Add(new("CUDA context", CudaContext, OnCard: true));
        parts.AddRange(Pictures(plan));
        if (plan.RunsModel)
        {
            parts.AddRange(Weights(plan, card));
            parts.AddRange(Stages(plan, card));
        }
        parts.Add(new("rows being finished", FinishingRows(plan), plan.RunsModel ? RestoreStage.Decoding : RestoreStage.Finishing));
        return [.. parts.Where(part => part.Bytes > 0)];
    }

    private static IEnumerable<MemoryPart> Pictures(RestorePlan plan)
    {
        int sample = plan.BitsPerSample / 8, channels = Colours + (plan.Alpha ? 1 : 0);
        yield return new("input picture", plan.Sizes.Input.Pixels * channels * sample);
        yield return new("result picture", plan.Sizes.Scaled.Pixels * channels * sample);
        if (plan.Sizes.Scales)
            yield return new("scaled input", plan.Sizes.Scaled.Pixels * Colours * PixelBytes(plan));
    }

    private static IEnumerable<MemoryPart> Weights(RestorePlan plan, bool card)
    {
        int unet = BytesOf(plan.Compute.UNet), vae = BytesOf(plan.Compute.Vae);
        yield return new("UNet weights", plan.Restoring.Cost.Parameters * unet, OnCard: card);
        yield return new("VAE weights", (plan.Encoding.Cost.Parameters + plan.Decoding.Cost.Parameters) * vae, OnCard: card);
        yield return new("text encoder weights", plan.Model.TextCosts().Parameters * unet, OnCard: card);
    }

    private static IEnumerable<MemoryPart> Stages(RestorePlan plan, bool card)
    {
        int factor = plan.Model.Factor, vae = BytesOf(plan.Compute.Vae), pixel = PixelBytes(plan);
        long latent = plan.Sizes.Padded.Pixels / factor / factor * plan.Model.LatentChannels * pixel;
        if (plan.Sizes.Enlarges)
            yield return new("enlarged input", plan.Sizes.Working.Pixels * Colours * pixel, RestoreStage.Encoding);
        yield return new("latent", latent, RestoreStage.Encoding);
        yield return new("rows of tiles", Strip(plan.Encoding, plan.Model.LatentChannels, pixel), RestoreStage.Encoding);
        yield return new("one tile in the encoder", plan.Encoding.Cost.PeakElements * vae, RestoreStage.Encoding, card);

        yield return new("latent, before and after", 2 * latent, RestoreStage.Restoring);
        yield return new("rows of tiles", Strip(plan.Restoring, plan.Model.LatentChannels, pixel), RestoreStage.Restoring);
        yield return new("one tile in the UNet", plan.Restoring.Cost.PeakElements * BytesOf(plan.Compute.UNet), RestoreStage.Restoring, card);

        yield return new("latent", latent, RestoreStage.Decoding);
        yield return new("rows of tiles", Strip(plan.Decoding, Colours, pixel), RestoreStage.Decoding);
        yield return new("one tile in the decoder", plan.Decoding.Cost.PeakElements * vae, RestoreStage.Decoding, card);
        if (plan.Sizes.Enlarges)
            yield return new("enlarged result", (plan.Sizes.Working.Pixels + plan.Sizes.Scaled.Pixels) * Colours * pixel, RestoreStage.Decoding);
    }

    /// <summary>The sums of values and of weights of one row of tiles, and the rows handed on.</summary>
    private static long Strip(StagePlan stage, int channels, int bytes)
    {
        TileGrid tiles = stage.Scale.Of(stage.Tiles);
        return tiles.Count <= 1 ? 0 : (long)tiles.Rows.Tile * tiles.Columns.Length * (2 * channels + 1) * bytes;
    }

    /// <summary>About six tensors of a band with the colour fix's reach around it.</summary>
    private static long FinishingRows(RestorePlan plan)
    {
        long rows = Math.Min(plan.FinishingRows + 2 * WaveletReach, plan.Sizes.Scaled.Height);
        return 6 * Colours * rows * plan.Sizes.Scaled.Width * PixelBytes(plan);
    }

    private const int WaveletReach = 31;

    /// <summary>Bytes of a sample outside of the networks.</summary>
    private static int PixelBytes(RestorePlan plan) => plan.Compute.Vae == ComputePrecision.Float64 ? 8 : 4;
}
