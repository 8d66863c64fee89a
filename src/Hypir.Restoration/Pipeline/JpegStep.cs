using Hypir.Imaging;
using Hypir.Imaging.Jpeg;
using Hypir.Planning;

namespace Hypir.Restoration.Pipeline;

/// <summary>Moves a result to what the JPEG file of its image allows.</summary>
internal static class JpegStep
{
    /// <summary>Projects samples in place, if the plan says so and the image has the coefficients of its file.</summary>
    /// <param name="image">The image, of the result's size.</param>
    /// <param name="samples">R, G, B of the result.</param>
    /// <param name="plan">The plan.</param>
    public static void Apply(RasterImage image, byte[] samples, RestorePlan plan)
    {
        if (!plan.FollowsJpeg || image.Metadata.Jpeg is not { } jpeg)
            return;
        if (plan.Options.JpegConsistent == JpegConsistency.Auto)
            JpegProjection.ApplyIfOnlyCompressed(jpeg, samples, image.Width, image.Height);
        else
            JpegProjection.Apply(jpeg, samples, image.Width, image.Height);
    }
}
