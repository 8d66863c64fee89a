using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>The noise level as one more channel of an image, for networks that take the amount of noise to remove.</summary>
internal static class NoiseMap
{
    // What other programs assume that load such files.
    private const double Standard = 15;

    /// <summary>The setting of the level: the noise's standard deviation, where white is 255.</summary>
    /// <param name="most">The most noise that the network was trained with.</param>
    public static SinglePassDial Dial(double most) => new("noise level", 0, most, Standard);

    /// <summary>(B, C, H, W) → (B, C + 1, H, W); the last channel holds the level everywhere.</summary>
    /// <param name="x">The image, 0 to 1.</param>
    /// <param name="level">Standard deviation of the noise, where white is 255; null for mild noise.</param>
    public static Tensor Append(Tensor x, double? level)
    {
        using var scope = NewDisposeScope();
        Tensor map = tensor((level ?? Standard) / 255, x.dtype, x.device).expand(x.shape[0], 1, x.shape[2], x.shape[3]);
        return cat([x, map], 1).MoveToOuterDisposeScope();
    }
}
