using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Noise;

/// <summary>
/// Where the random fields of one stage come from. Noise itself is a pure function of a picture and these draws, so that a run can be repeated from a seed
/// or from recorded fields. A grey field is asked for before the colour field, each at most once.
/// </summary>
public interface INoiseDraws
{
    /// <summary>Standard normal numbers for grey noise: one field that all pictures of the batch share.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="like">Type and device.</param>
    /// <returns>(height, width).</returns>
    Tensor GreyNormal(long height, long width, Tensor like);

    /// <summary>Standard normal numbers for colour noise.</summary>
    /// <param name="like">Shape (B, C, H, W), type and device.</param>
    /// <returns>(B, C, H, W).</returns>
    Tensor ColourNormal(Tensor like);

    /// <summary>Counts drawn from Poisson distributions for grey noise.</summary>
    /// <param name="rates">The expected counts, (B, 1, H, W).</param>
    /// <returns>(B, 1, H, W), whole numbers.</returns>
    Tensor GreyCounts(Tensor rates);

    /// <summary>Counts drawn from Poisson distributions for colour noise.</summary>
    /// <param name="rates">The expected counts, (B, C, H, W).</param>
    /// <returns>(B, C, H, W), whole numbers.</returns>
    Tensor ColourCounts(Tensor rates);
}
