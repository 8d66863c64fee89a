using static TorchSharp.torch;

namespace Hypir.Training.Data;

/// <summary>Samples to be degraded together, and how.</summary>
/// <param name="Number">The batch's number, from 0.</param>
/// <param name="Samples">The samples, all of one size.</param>
/// <param name="Recipe">All that was chosen for them.</param>
public sealed record TrainingBatch(long Number, IReadOnlyList<TrainingSample> Samples, BatchRecipe Recipe)
{
    /// <summary>The clean pictures.</summary>
    /// <param name="device">Where they are wanted; bytes travel, not floats.</param>
    /// <returns>(B, 3, H, W) in [0, 1], float32.</returns>
    public Tensor Pictures(Device device)
    {
        using var scope = NewDisposeScope();
        var planes = Samples.Select(sample => tensor(sample.Pixels, [3, sample.Height, sample.Width])).ToArray();
        return ImageTensor.ToUnit(stack(planes).to(device)).MoveToOuterDisposeScope();
    }
}
