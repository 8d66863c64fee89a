using Hypir.Imaging;
using Hypir.Planning;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// The steps that need an image's JPEG file, for a result that an engine computed: only pixels reach it. They need no part of torch.
/// </summary>
public static class ReceivedResult
{
    /// <summary>Whether these steps change a result, which must then be requested at strength 1.</summary>
    /// <param name="image">The image.</param>
    /// <param name="plan">Its plan.</param>
    public static bool NeedsFile(RasterImage image, RestorePlan plan)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(plan);
        return plan.FollowsJpeg && image.Metadata.Jpeg is not null;
    }

    /// <summary>Moves a whole image's result to what its JPEG file allows, and blends it, as <see cref="Restorer"/> does.</summary>
    /// <param name="image">The image, of the result's size.</param>
    /// <param name="samples">R, G, B of the result at strength 1; changed in place.</param>
    /// <param name="plan">The plan of a whole image.</param>
    public static void Finish(RasterImage image, byte[] samples, RestorePlan plan)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(plan);
        JpegStep.Apply(image, samples, plan);
        int share = StrengthBlend.ShareOf(plan.Options.Strength);
        // A JPEG file has 8 bits per sample.
        if (share != StrengthBlend.Whole)
            StrengthBlend.Blend(image.Rgb, samples, samples, share);
    }
}
