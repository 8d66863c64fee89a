using Hypir.Networks;
using Hypir.Training.Degradation.Jpeg;
using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Degradation.Noise;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Recipes;

/// <summary>
/// Applies recipes: blur, resize, noise, JPEG; blur, resize, noise; then last filter and last JPEG in either order (Real-ESRGAN, figure 2).
/// The result depends only on the recipe, the images, and the kind of device. No gradients are recorded.
/// </summary>
public static class RecipeApplier
{
    /// <summary>Applies a recipe.</summary>
    /// <param name="recipe">The recipe, with one entry per image.</param>
    /// <param name="images">(B, 3, H, W) in [0, 1], float32; their device is used for the computation.</param>
    /// <returns>The degraded images and their targets; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The recipe is for another number of images.</exception>
    public static DegradedImages Apply(DegradationRecipe recipe, Tensor images)
    {
        using var scope = NewDisposeScope();
        using var draws1 = new SeededDraws(recipe.Stage1.NoiseSeed, images.device);
        using var draws2 = new SeededDraws(recipe.Stage2.NoiseSeed, images.device);
        var result = Apply(recipe, images, KernelTensors.Of(recipe, images), draws1, draws2, (_, step) => step);
        result.Lq.MoveToOuterDisposeScope();
        result.Gt.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>
    /// As above, with kernels and noise fields given; each step's result passes through <paramref name="step"/>, which may replace it.
    /// </summary>
    internal static DegradedImages Apply(
        DegradationRecipe recipe, Tensor images, KernelTensors kernels, INoiseDraws draws1, INoiseDraws draws2,
        Func<string, Tensor, Tensor> step)
    {
        if (images.shape is not [var count, 3, _, _] || count != recipe.Images.Count)
            throw new ArgumentException(
                $"A recipe for {recipe.Images.Count} images, and a tensor of shape [{string.Join(", ", images.shape)}].",
                nameof(images)
            );
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        int height = (int)images.shape[2],
            width = (int)images.shape[3];
        ImageStage[] stage1 = [.. recipe.Images.Select(image => image.Stage1)],
            stage2 = [.. recipe.Images.Select(image => image.Stage2)];
        var clean = recipe.Sharpen is null ? images.alias() : UnsharpMask.Apply(images, recipe.Sharpen);

        (int Height, int Width) small = (recipe.SmallSide(height), recipe.SmallSide(width)),
            second = (recipe.SecondSide(height), recipe.SecondSide(width));

        var x = clean.alias();
        void Do(string name, Func<Tensor, Tensor> operation)
        {
            using var before = x;
            x = step(name, operation(before));
        }

        Do("blur1", before => Filter2D.Apply(before, kernels.Blur1));
        Do("resize1", before => Resizing.ByFactor(before, recipe.Stage1.Mode, recipe.Stage1.Scale));
        Do("noise1", before => AddNoise(before, recipe.Stage1.Noise, stage1, draws1));
        Do("jpeg1", before => Compress(before, stage1, recipe.DifferentiableJpeg));

        if (recipe.SecondBlur)
            Do("blur2", before => Filter2D.Apply(before, kernels.Blur2));
        Do("resize2", before => Resizing.ToSize(before, recipe.Stage2.Mode, second.Height, second.Width));
        Do("noise2", before => AddNoise(before, recipe.Stage2.Noise, stage2, draws2));

        if (recipe.Final.Order == FinalOrder.JpegThenSinc)
            Do("jpeg2", before => Compress(before, stage2, recipe.DifferentiableJpeg));
        Do("resize3", before => Resizing.ToSize(before, recipe.Final.Mode, small.Height, small.Width));
        Do("sinc", before => Filter2D.Apply(before, kernels.Sinc));
        if (recipe.Final.Order == FinalOrder.SincThenJpeg)
            Do("jpeg2", before => Compress(before.Clamped(0, 1), stage2, recipe.DifferentiableJpeg));
        if (recipe.Final.ResizeBack && recipe.Stage2Scale != 1)
            Do("resize_back", before => Resizing.ToSize(before, ResizeMode.Bicubic, height, width));
        return new(Levels.Finish(x, clip: true, round: true).MoveToOuterDisposeScope(), clean.MoveToOuterDisposeScope());
    }

    private static Tensor AddNoise(Tensor images, NoiseKind kind, ImageStage[] stages, INoiseDraws draws)
    {
        if (stages.All(image => image.NoiseAmount == 0))
            return images.Clamped(0, 1);
        using var scope = NewDisposeScope();
        double[] amounts = [.. stages.Select(image => image.NoiseAmount)];
        bool[] gray = [.. stages.Select(image => image.GreyNoise)];
        var noisy = kind == NoiseKind.Gaussian
            ? GaussianNoise.Add(images, amounts, gray, draws)
            : PoissonNoise.Add(images, amounts, gray, draws);
        return noisy.ClampInPlace(0, 1).MoveToOuterDisposeScope();
    }

    private static Tensor Compress(Tensor images, ImageStage[] stages, bool differentiable)
    {
        int[] compressed = [.. Enumerable.Range(0, stages.Length).Where(i => stages[i].Quality is not null)];
        if (compressed.Length == 0)
            return images.alias();
        double[] qualities = [.. compressed.Select(i => stages[i].Quality!.Value)];
        if (qualities.Length == stages.Length)
            return DiffJpeg.Apply(images, qualities, differentiable);
        using var scope = NewDisposeScope();
        Tensor places = tensor(compressed.Select(i => (long)i).ToArray(), device: images.device);
        return images
            .index_copy(0, places, DiffJpeg.Apply(images.index_select(0, places), qualities, differentiable))
            .MoveToOuterDisposeScope();
    }
}

/// <summary>The kernels of a batch as tensors, (B, K, K) each.</summary>
internal sealed record KernelTensors(Tensor Blur1, Tensor Blur2, Tensor Sinc)
{
    /// <summary>Computes a recipe's kernels, in the images' type and on their device.</summary>
    public static KernelTensors Of(DegradationRecipe recipe, Tensor images)
    {
        Tensor Build(Func<KernelSet, KernelSpec> select) =>
            KernelBatch.Build([.. recipe.Images.Select(image => select(image.Kernels))], null, images.device).to(images.dtype);
        return new(Build(set => set.Blur1), Build(set => set.Blur2), Build(set => set.Sinc));
    }
}

/// <summary>The three kernels of one image. The default is a pulse, which has no effect.</summary>
public sealed record KernelSet
{
    /// <summary>Blur of the first stage.</summary>
    public KernelSpec Blur1 { get; init; } = KernelSpec.Pulse;

    /// <summary>Blur of the second stage; unused if the recipe has no second blur.</summary>
    public KernelSpec Blur2 { get; init; } = KernelSpec.Pulse;

    /// <summary>The last filter: a sinc or a pulse.</summary>
    public KernelSpec Sinc { get; init; } = KernelSpec.Pulse;
}

/// <summary>The result of applying a recipe. Owns its tensors.</summary>
/// <param name="Lq">The degraded images, (B, 3, h, w), multiples of 1/255 in [0, 1]; of the clean images' size if the recipe resizes
/// back.</param>
/// <param name="Gt">The target images, (B, 3, H, W): the clean ones, sharpened if the recipe requires it.</param>
public sealed record DegradedImages(Tensor Lq, Tensor Gt) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Lq.Dispose();
        Gt.Dispose();
    }
}
