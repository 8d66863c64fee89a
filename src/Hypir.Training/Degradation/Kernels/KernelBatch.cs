using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Kernels;

/// <summary>Kernels of a batch as one tensor.</summary>
public static class KernelBatch
{
    /// <summary>Computes the weights and lays them, zeros around the smaller ones, into squares of one size.</summary>
    /// <param name="specs">One kernel a picture.</param>
    /// <param name="side">Side of the squares, odd; null: that of the largest kernel, which filters the same and costs less.</param>
    /// <param name="device">Where the tensor is wanted; null for the CPU.</param>
    /// <returns>(pictures, side, side), float32.</returns>
    /// <exception cref="ArgumentException">A kernel is larger than <paramref name="side"/>, or <paramref name="side"/> is even.</exception>
    public static Tensor Build(IReadOnlyList<KernelSpec> specs, int? side = null, Device? device = null)
    {
        int width = side ?? specs.Max(spec => spec.Size);
        if (width % 2 == 0)
            throw new ArgumentException($"A kernel's side is an odd number, not {width}.", nameof(side));
        var values = new float[specs.Count * width * width];
        for (int i = 0; i < specs.Count; i++)
        {
            if (specs[i].Size > width)
                throw new ArgumentException($"A kernel of {specs[i].Size} pixels does not fit into {width}.", nameof(side));
            Place(BlurKernels.Weights(specs[i]), values.AsSpan(i * width * width, width * width), width);
        }
        return tensor(values, [specs.Count, width, width], float32, device ?? CPU);
    }

    private static void Place(double[,] weights, Span<float> square, int width)
    {
        int size = weights.GetLength(0), margin = (width - size) / 2;
        for (int row = 0; row < size; row++)
            for (int column = 0; column < size; column++)
                square[(row + margin) * width + column + margin] = (float)weights[row, column];
    }
}
