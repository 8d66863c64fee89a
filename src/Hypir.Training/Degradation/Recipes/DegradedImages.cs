using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Recipes;

/// <summary>What applying a recipe gives. Owns its tensors.</summary>
/// <param name="Lq">The damaged pictures, (B, 3, h, w), multiples of 1/255 in [0, 1]; the clean pictures' size where the recipe resizes back.</param>
/// <param name="Gt">The clean pictures to aim at, (B, 3, H, W): sharpened where the recipe says so.</param>
public sealed record DegradedImages(Tensor Lq, Tensor Gt) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Lq.Dispose();
        Gt.Dispose();
    }
}
