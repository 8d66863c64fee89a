using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation;

/// <summary>
/// Resizing as the reference does it. Output pixel i lies at <c>(i + 0.5) step - 0.5</c> of the input; whether the step comes from the
/// factor that was drawn or from the two sizes is not the same, because sizes are whole numbers. The cubic weights are those of Keys,
/// "Cubic convolution interpolation for digital image processing" (1981), with a = -0.75.
/// </summary>
public static class Resizing
{
    /// <summary>Scales by a factor: sizes become <c>floor(size * factor)</c>, at least 1, and the step is 1 / factor.</summary>
    /// <param name="images">(B, C, H, W).</param>
    /// <param name="mode">How to interpolate. <see cref="ResizeMode.Area"/> looks at the sizes only.</param>
    /// <param name="factor">Above 0.</param>
    /// <returns>(B, C, H', W'); an alias of <paramref name="images"/> for a factor of 1.</returns>
    public static Tensor ByFactor(Tensor images, ResizeMode mode, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        if (factor == 1)
            return images.alias();
        long height = (long)Math.Floor(images.shape[2] * factor), width = (long)Math.Floor(images.shape[3] * factor);
        if (height < 1 || width < 1)
            return ToSize(images, mode, (int)Math.Max(1, height), (int)Math.Max(1, width));
        bool? corners = mode == ResizeMode.Area ? null : false;
        return nn.functional.interpolate(images, scale_factor: [factor, factor], mode: Torch(mode), align_corners: corners);
    }

    /// <summary>Scales to a size; the steps are the ratios of the sizes.</summary>
    /// <param name="images">(B, C, H, W).</param>
    /// <param name="mode">How to interpolate.</param>
    /// <param name="height">At least 1.</param>
    /// <param name="width">At least 1.</param>
    /// <returns>(B, C, height, width); an alias of <paramref name="images"/> where that is its size.</returns>
    public static Tensor ToSize(Tensor images, ResizeMode mode, int height, int width)
    {
        if (images.shape[2] == height && images.shape[3] == width)
            return images.alias();
        bool? corners = mode == ResizeMode.Area ? null : false;
        return nn.functional.interpolate(images, [height, width], mode: Torch(mode), align_corners: corners);
    }

    private static InterpolationMode Torch(ResizeMode mode) => mode switch
    {
        ResizeMode.Area => InterpolationMode.Area,
        ResizeMode.Bilinear => InterpolationMode.Bilinear,
        ResizeMode.Bicubic => InterpolationMode.Bicubic,
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };
}

/// <summary>The ways of resizing that the pipeline draws from.</summary>
public enum ResizeMode
{
    /// <summary>Each output pixel is the mean of the input pixels that its area touches.</summary>
    Area,

    /// <summary>
    /// Linear interpolation between the four nearest pixels; nothing is averaged when shrinking, so it aliases, as cheap software does.
    /// </summary>
    Bilinear,

    /// <summary>Cubic convolution over the sixteen nearest pixels, a = -0.75, not limited to [0, 1]; aliases when shrinking.</summary>
    Bicubic,
}

/// <summary>Keeping images within [0, 1] and on the 256 levels that a file can hold.</summary>
public static class Levels
{
    /// <summary>Rounds to multiples of 1/255 (halves to even) and limits to [0, 1], each if asked for.</summary>
    /// <param name="images">Any shape.</param>
    /// <param name="clip">Limit to [0, 1].</param>
    /// <param name="round">Round to multiples of 1/255.</param>
    /// <returns>A new tensor, or an alias of <paramref name="images"/> if nothing was asked for.</returns>
    public static Tensor Finish(Tensor images, bool clip, bool round) => (clip, round) switch
    {
        (true, true) => images.Times(255).round_().ClampInPlace(0, 255).DivideInPlace(255),
        (true, false) => images.Clamped(0, 1),
        (false, true) => images.Times(255).round_().DivideInPlace(255),
        _ => images.alias(),
    };
}
