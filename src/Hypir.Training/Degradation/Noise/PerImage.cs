using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Noise;

/// <summary>Numbers that belong to one picture each, as tensors that broadcast over a batch.</summary>
internal static class PerImage
{
    /// <summary>One number a picture as (B, 1, 1, 1), of the pictures' type and device.</summary>
    /// <exception cref="ArgumentException">There are not as many numbers as pictures.</exception>
    public static Tensor Column(IReadOnlyList<double> values, Tensor images)
    {
        if (values.Count != images.shape[0])
            throw new ArgumentException($"{values.Count} values for {images.shape[0]} pictures.", nameof(values));
        return tensor(values.ToArray(), [values.Count, 1, 1, 1], images.dtype, images.device);
    }
}
