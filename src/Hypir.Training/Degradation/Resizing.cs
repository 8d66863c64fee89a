using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation;

/// <summary>
/// Resizing as in the reference. Output pixel i lies at <c>(i + 0.5) step - 0.5</c> of the input. The step from the drawn factor differs
/// from the ratio of the two sizes because sizes are whole numbers. The cubic weights are those of Keys, "Cubic convolution interpolation
/// for digital image processing" (1981), with a = -0.75.
/// </summary>
public static class Resizing
{
    /// <summary>Scales by a factor: sizes become <c>floor(size * factor)</c>, at least 1, and the step is 1 / factor.</summary>
    /// <param name="images">(B, C, H, W).</param>
    /// <param name="mode">The interpolation mode. <see cref="ResizeMode.Area"/> looks at the sizes only.</param>
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
    /// <param name="mode">The interpolation mode.</param>
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

/// <summary>The interpolation modes that the pipeline draws from.</summary>
public enum ResizeMode
{
    /// <summary>Each output pixel is the mean of the input pixels that its area touches.</summary>
    Area,

    /// <summary>
    /// Linear interpolation between the four nearest pixels; nothing is averaged when shrinking, so it aliases like cheap software.
    /// </summary>
    Bilinear,

    /// <summary>Cubic convolution over the sixteen nearest pixels, a = -0.75, not clamped to [0, 1]; aliases when shrinking.</summary>
    Bicubic,
}

/// <summary>Clamps images to [0, 1] and rounds them to the 256 levels of a file.</summary>
public static class Levels
{
    /// <summary>Rounds to multiples of 1/255 (halves to even) and clamps to [0, 1], each if requested.</summary>
    /// <param name="images">Any shape.</param>
    /// <param name="clip">Whether to clamp to [0, 1].</param>
    /// <param name="round">Whether to round to multiples of 1/255.</param>
    /// <returns>A new tensor, or an alias of <paramref name="images"/> if neither is requested.</returns>
    public static Tensor Finish(Tensor images, bool clip, bool round) => (clip, round) switch
    {
        (true, true) => images.Times(255).round_().ClampInPlace(0, 255).DivideInPlace(255),
        (true, false) => images.Clamped(0, 1),
        (false, true) => images.Times(255).round_().DivideInPlace(255),
        _ => images.alias(),
    };
}
