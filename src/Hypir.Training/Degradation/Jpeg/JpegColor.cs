using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Jpeg;

/// <summary>The colour transform of JFIF (ITU-T T.871): full-range YCbCr with BT.601 weights, in levels of 255.</summary>
internal static class JpegColor
{
    private static readonly double[,] Forward = { { 0.299, 0.587, 0.114 }, { -0.168736, -0.331264, 0.5 }, { 0.5, -0.418688, -0.081312 } };
    private static readonly double[,] Backward = { { 1, 0, 1.402 }, { 1, -0.344136, -0.714136 }, { 1, 1.772, 0 } };

    /// <summary>R, G, B to Y, Cb, Cr, all in [0, 255] with 128 for no colour.</summary>
    public static Tensor FromRgb(Tensor images) => Mix(images, Forward).Plus(Neutral(images));

    /// <summary>Y, Cb, Cr to R, G, B, not limited.</summary>
    public static Tensor ToRgb(Tensor images) => Mix(images - Neutral(images), Backward);

    private static Tensor Neutral(Tensor images) => tensor([0.0, 128, 128], [1, 3, 1, 1], images.dtype, images.device);

    private static Tensor Mix(Tensor images, double[,] matrix) =>
        tensor(matrix, images.dtype, images.device).matmul(images.flatten(2)).reshape(images.shape);
}
