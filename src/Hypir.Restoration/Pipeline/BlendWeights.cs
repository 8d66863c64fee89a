using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Weight maps of tiles.</summary>
internal static class BlendWeights
{
    /// <summary>Variance of the Gaussian, in tile sides squared.</summary>
    private const double Variance = 0.01;

    /// <summary>The map of a tile.</summary>
    /// <param name="kind">Which map.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <returns>(height, width), float64, on the CPU; every weight is above 0.</returns>
    public static Tensor Map(BlendKind kind, int height, int width)
    {
        if (kind == BlendKind.Uniform)
            return ones(height, width, float64);
        double middleRow = kind == BlendKind.ReferenceGaussian ? height / 2.0 : (height - 1) / 2.0;
        using var rows = tensor(Gaussian(height, middleRow));
        using var columns = tensor(Gaussian(width, (width - 1) / 2.0));
        return outer(rows, columns);
    }

    private static double[] Gaussian(int length, double middle)
    {
        var weights = new double[length];
        for (int i = 0; i < length; i++)
            weights[i] = Math.Exp(-(i - middle) * (i - middle) / ((double)length * length) / (2 * Variance)) / Math.Sqrt(2 * Math.PI * Variance);
        return weights;
    }
}
