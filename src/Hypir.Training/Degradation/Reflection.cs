using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation;

/// <summary>
/// Padding by reflection about the border pixel (<c>d c b | a b c d | c b a</c>), which goes on bouncing where the padding is wider than the picture:
/// PyTorch's own refuses that, and so does the reference for pictures of 10 pixels or less.
/// </summary>
public static class Reflection
{
    /// <summary>Pads the last two dimensions.</summary>
    /// <param name="images">(…, height, width), at least one pixel.</param>
    /// <param name="left">Columns before the first.</param>
    /// <param name="right">Columns after the last.</param>
    /// <param name="top">Rows above the first.</param>
    /// <param name="bottom">Rows below the last.</param>
    /// <returns>A new tensor, (…, top + height + bottom, left + width + right).</returns>
    public static Tensor Pad(Tensor images, int left, int right, int top, int bottom)
    {
        long height = images.shape[^2], width = images.shape[^1];
        if (Math.Max(left, right) < width && Math.Max(top, bottom) < height)
            return nn.functional.pad(images, [left, right, top, bottom], PaddingModes.Reflect);
        using var scope = NewDisposeScope();
        var columns = tensor(Indices(width, left, right), int64, images.device);
        var rows = tensor(Indices(height, top, bottom), int64, images.device);
        return images.index_select(-1, columns).index_select(-2, rows).MoveToOuterDisposeScope();
    }

    /// <summary>Where each position of a padded axis comes from: a triangle wave of period 2 (n - 1).</summary>
    private static long[] Indices(long length, int before, int after)
    {
        var indices = new long[before + length + after];
        long period = Math.Max(1, 2 * (length - 1));
        for (long i = 0; i < indices.Length; i++)
        {
            long phase = (i - before) % period;
            if (phase < 0)
                phase += period;
            indices[i] = Math.Min(phase, period - phase);
        }
        return length == 1 ? new long[indices.Length] : indices;
    }
}
