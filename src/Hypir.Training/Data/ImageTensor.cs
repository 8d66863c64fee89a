using Hypir.Networks;
using Hypir.Training.Data.Crops;
using static TorchSharp.torch;

namespace Hypir.Training.Data;

/// <summary>Between pictures and tensors.</summary>
public static class ImageTensor
{
    /// <summary>A picture as (3, H, W), bytes.</summary>
    public static Tensor Of(RgbImage image)
    {
        using var scope = NewDisposeScope();
        return tensor(image.Pixels, [image.Height, image.Width, 3]).permute(2, 0, 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Bytes as numbers in [0, 1]: multiples of 1/255 in float32.</summary>
    /// <param name="bytes">Any shape.</param>
    public static Tensor ToUnit(Tensor bytes)
    {
        using var scope = NewDisposeScope();
        return bytes.to(float32).DividedBy(255).MoveToOuterDisposeScope();
    }

    /// <summary>A picture in [0, 1] as bytes, rounded and limited.</summary>
    /// <param name="image">(3, H, W), floating point.</param>
    public static RgbImage ToImage(Tensor image)
    {
        using var scope = NewDisposeScope();
        var bytes = image.Times(255).round().Clamped(0, 255).to(uint8).permute(1, 2, 0).contiguous().cpu();
        return new((int)image.shape[2], (int)image.shape[1], [.. bytes.data<byte>()]);
    }
}
