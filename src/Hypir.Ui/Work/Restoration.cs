using System.Runtime.InteropServices;
using Hypir.Imaging;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Jpeg;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.Ui.Work;

/// <summary>
/// Restores images with the engine, to the same bytes as <c>hypir restore</c>. The engine gets pixels without their file, so what follows
/// the file is done here: moving a result to what a JPEG file allows, and the strength.
/// </summary>
/// <param name="client">The engine.</param>
/// <param name="limits">The limits of images.</param>
/// <param name="folder">The folder with masks.</param>
internal sealed class Restoration(EngineClient client, ImageLimits limits, PrivateFolder folder)
{
    /// <summary>Restores an image, or a part of it, at full strength.</summary>
    /// <param name="job">What is wanted.</param>
    /// <param name="progress">Receives reports.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <exception cref="HypirException">The file cannot be read.</exception>
    /// <exception cref="EngineException">The engine failed.</exception>
    public async Task<Restored> RunAsync(Job job, IProgress<JobProgress> progress, CancellationToken cancellation)
    {
        UiImage image = job.Image;
        RasterImage input = ImageFile.Load(image.Source, limits, cancellation);
        // The result's alpha, and its format's need of it, follow the pixels: an alpha channel may be opaque.
        JpegCoefficients? jpeg =
            image.Info.Format == ImageFormat.Jpeg ? JpegCoefficients.Read(image.Source, input, cancellation) : null;
        RestoreRequest request = RequestFor(input, job.Choice) with
        {
            JpegQuality = jpeg?.Quality,
            Area = job.Area is { } area ? new(area.X, area.Y, area.Width, area.Height) : null,
        };
        if (job.Choice.Mask is { } mask && job.Area is null)
        {
            var painted = PaintedMask.Load(folder[PaintedMask.NameOf(image, mask)], input);
            return await RunAsync(request, jpeg, input, painted, progress, cancellation).ConfigureAwait(false);
        }

        PlanAnswer plan = await client.PlanAsync(request, cancellation).ConfigureAwait(false);
        using RestoredPixels pixels = await client.RestoreAsync(request, EnginePixels.RowsOf(input), progress, cancellation)
            .ConfigureAwait(false);
        RasterImage result = EnginePixels.Read(pixels, input.Metadata, cancellation);
        if (plan.FollowsJpeg && jpeg is not null)
            Follow(jpeg, input, request.Area, result);
        return Restored.Of(input, result, pixels.Result);
    }

    /// <summary>Restores what is painted. The rest of the image does not change by a byte.</summary>
    private async Task<Restored> RunAsync(
        RestoreRequest whole, JpegCoefficients? jpeg, RasterImage input, PaintedMask mask, IProgress<JobProgress> progress,
        CancellationToken cancellation)
    {
        RestoreRequest part = whole with { Area = mask.Area };
        PlanAnswer plan = await client.PlanAsync(part, cancellation).ConfigureAwait(false);
        // What a JPEG file allows is a step before the mask, and it is done here: then the part comes alone, and is placed here too.
        bool follows = plan.FollowsJpeg && jpeg is not null;
        using RestoredPixels pixels = await client.RestoreAsync(
            follows ? part : part with { KeepRest = true }, EnginePixels.RowsOf(input),
            follows ? null : EnginePixels.RowsOf(mask.Shares), progress, cancellation).ConfigureAwait(false);
        RasterImage result = EnginePixels.Read(pixels, input.Metadata, cancellation);
        if (follows)
        {
            Follow(jpeg!, input, part.Area, result);
            result = mask.Place(result, input);
        }
        return Restored.Of(input, result, pixels.Result);
    }

    /// <summary>The result at a strength, which is the last step.</summary>
    /// <param name="image">The image.</param>
    /// <param name="full">The result at full strength.</param>
    /// <param name="choice">The settings, with the strength.</param>
    /// <param name="cancellation">Cancels it.</param>
    public async Task<RasterImage> BlendAsync(UiImage image, RasterImage full, Choice choice, CancellationToken cancellation)
    {
        int share = StrengthBlend.ShareOf(choice.Strength);
        if (share == StrengthBlend.Whole)
            return full;
        RasterImage before = ImageFile.Load(image.Source, limits, cancellation);
        if (before.Width != full.Width || before.Height != full.Height)
        {
            // The engine enlarges: without the model, that takes a moment.
            using RestoredPixels scaled = await client.RestoreAsync(
                RequestFor(before, choice) with { Strength = 0 }, EnginePixels.RowsOf(before), null, cancellation).ConfigureAwait(false);
            before = EnginePixels.Read(scaled, full.Metadata, cancellation);
        }
        byte[] mixed = new byte[full.Rgb.Length];
        if (full.BitsPerSample == 8)
            StrengthBlend.Blend(before.Rgb, full.Rgb, mixed, share);
        else
            StrengthBlend.Blend(
                MemoryMarshal.Cast<byte, ushort>(before.Rgb), MemoryMarshal.Cast<byte, ushort>(full.Rgb),
                MemoryMarshal.Cast<byte, ushort>(mixed.AsSpan()), share);
        return full.WithColors(mixed);
    }

    private static RestoreRequest RequestFor(RasterImage image, Choice choice) => new()
    {
        Width = image.Width,
        Height = image.Height,
        Layout = EnginePixels.LayoutOf(image),
        Model = choice.Model,
        Prompt = choice.Prompt,
        Upscale = choice.Upscale,
        LongestSide = choice.LongestSide,
        Seed = choice.Seed,
    };

    private static void Follow(JpegCoefficients jpeg, RasterImage input, RequestArea? area, RasterImage result)
    {
        JpegCoefficients? part = area is null ? jpeg
            : input.With(input.Metadata with { Jpeg = jpeg }).Cut(area.X, area.Y, area.Width, area.Height).Metadata.Jpeg;
        if (part is not null)
            JpegProjection.ApplyIfOnlyCompressed(part, result.Rgb, result.Width, result.Height);
    }
}

/// <summary>A restored image at full strength.</summary>
/// <param name="Before">The image.</param>
/// <param name="After">The result.</param>
/// <param name="Model">The model that made it.</param>
/// <param name="Grounds">What decided the model (<see cref="JobResult.Grounds"/>); null if it was named.</param>
/// <param name="Notes">What the user should know about it.</param>
/// <param name="Seconds">Seconds of computing.</param>
internal sealed record Restored(
    RasterImage Before, RasterImage After, string Model, IReadOnlyList<string>? Grounds, IReadOnlyList<string> Notes, double Seconds)
{
    /// <summary>A result with what the engine says of it.</summary>
    public static Restored Of(RasterImage before, RasterImage after, JobResult result) => new(
        before, after, result.CarriedOut.Model, result.Grounds, [.. before.Metadata.Notes, .. result.Notes], result.ComputeSeconds);
}
