
using Hypir.Training.Degradation.Kernels;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Recipes;

/// <summary>The kernels of a batch as tensors, (B, K, K) each.</summary>
internal sealed record KernelTensors(Tensor Blur1, Tensor Blur2, Tensor Sinc)
{
    /// <summary>Computes a recipe's kernels, in the pictures' type and on their device.</summary>
    public static KernelTensors Of(DegradationRecipe recipe, Tensor images)
    {
        Tensor Build(Func<KernelSet, KernelSpec> select) =>
            KernelBatch.Build([.. recipe.Pictures.Select(picture => select(picture.Kernels))], null, images.device).to(images.dtype);
        return new(Build(set => set.Blur1), Build(set => set.Blur2), Build(set => set.Sinc));
    }
}
