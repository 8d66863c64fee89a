using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Noise;

/// <summary>Additive white Gaussian noise, each picture's in colour or in grey.</summary>
public static class GaussianNoise
{
    /// <summary>
    /// <c>out = x + sigma / 255 * n</c> with n standard normal: for a coloured picture a number of its own for every sample, for a grey one
    /// a number for every pixel, the same in all channels and the same for all grey pictures of the batch. Not limited to [0, 1].
    /// </summary>
    /// <param name="images">(B, C, H, W) in [0, 1].</param>
    /// <param name="sigmas">Standard deviation for each picture, in levels of 255.</param>
    /// <param name="grey">Whether each picture's noise is grey.</param>
    /// <param name="draws">The normal numbers. Fields that no picture uses are not drawn.</param>
    /// <returns>(B, C, H, W).</returns>
    public static Tensor Add(Tensor images, IReadOnlyList<double> sigmas, IReadOnlyList<bool> grey, INoiseDraws draws)
    {
        using var scope = NewDisposeScope();
        var scale = PerImage.Column(sigmas, images).DividedBy(255);
        var field = NoiseMix.Fields(grey, images,
            () => draws.GreyNormal(images.shape[2], images.shape[3], images).reshape(1, 1, images.shape[2], images.shape[3]),
            () => draws.ColourNormal(images));
        return images.Plus(field * scale).MoveToOuterDisposeScope();
    }
}
