using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation.Recipes;
using static TorchSharp.torch;

namespace Hypir.Training.Data;

/// <summary>The source image of a sample, and the choices made for it before the degradation.</summary>
public sealed record SampleRecipe
{
    /// <summary>The sample's name: the stem of its output files.</summary>
    public required string Name { get; init; }

    /// <summary>The image's file.</summary>
    public required string Source { get; init; }

    /// <summary>The image's width; replaying with an image of another size is an error. Null for any.</summary>
    public int? Width { get; init; }

    /// <summary>The image's height, likewise.</summary>
    public int? Height { get; init; }

    /// <summary>The crop; null for the whole image.</summary>
    public CropRecipe? Crop { get; init; }

    /// <summary>The flips.</summary>
    public Flips Flips { get; init; } = Flips.None;

    /// <summary>The caption to train with; "" if there is none or it was dropped.</summary>
    public string Prompt { get; init; } = "";
}

/// <summary>One line of a recipe file: samples degraded together, with all choices made for them.</summary>
/// <param name="Samples">The samples, in the batch's order.</param>
/// <param name="Degradation">Their degradation, with as many images.</param>
public sealed record BatchRecipe(IReadOnlyList<SampleRecipe> Samples, DegradationRecipe Degradation);

/// <summary>A clean image, ready to be degraded with others.</summary>
/// <param name="Recipe">How it was made.</param>
/// <param name="Kernels">Its kernels.</param>
/// <param name="Pixels">Planes R, G, B of <paramref name="Height"/> x <paramref name="Width"/> bytes.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Skipped">Images that could not be read and were replaced by this one, with the reason.</param>
public sealed record TrainingSample(
    SampleRecipe Recipe, KernelSet Kernels, byte[] Pixels, int Height, int Width, IReadOnlyList<string> Skipped);

/// <summary>Samples to be degraded together, and how.</summary>
/// <param name="Number">The batch's number, from 0.</param>
/// <param name="Samples">The samples, all of one size.</param>
/// <param name="Recipe">All choices made for them.</param>
public sealed record TrainingBatch(long Number, IReadOnlyList<TrainingSample> Samples, BatchRecipe Recipe)
{
    /// <summary>The clean images.</summary>
    /// <param name="device">The target device; bytes are transferred, not floats.</param>
    /// <returns>(B, 3, H, W) in [0, 1], float32.</returns>
    public Tensor Images(Device device)
    {
        using var scope = NewDisposeScope();
        var planes = Samples.Select(sample => tensor(sample.Pixels, [3, sample.Height, sample.Width])).ToArray();
        return ImageTensor.ToUnit(stack(planes).to(device)).MoveToOuterDisposeScope();
    }
}
