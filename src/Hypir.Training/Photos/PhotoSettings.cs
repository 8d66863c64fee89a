using Hypir.Training.Degradation.Ranges;

namespace Hypir.Training.Photos;

/// <summary>
/// Training on photos with the damage that good photos have: crops chosen by texture, real JPEG files, a camera's noise, a lens' blur. The
/// probabilities and ranges of blur, noise and JPEG are those of the degradation's first stage; nothing else of it is used.
/// </summary>
public sealed record PhotoSettings
{
    /// <summary>Whether this takes the place of the reference's degradation.</summary>
    public bool Enabled { get; init; }

    /// <summary>How much smaller large photos become, which removes their own compression.</summary>
    public ValueRange Reduction { get; init; } = new(1.5, 3.5);

    /// <summary>How much smaller photos become whose shorter side is below <see cref="LargeFrom"/>.</summary>
    public ValueRange SmallReduction { get; init; } = new(1, 1.4);

    /// <summary>The shorter side from which a photo counts as large, in pixels.</summary>
    public int LargeFrom { get; init; } = 800;

    /// <summary>Places that a crop is chosen from, with probabilities in proportion to their mean gradients.</summary>
    public int Choices { get; init; } = 4;

    /// <summary>Share of crops from generated images: dead leaves.</summary>
    public double DeadLeavesProbability { get; init; } = 0.1;

    /// <summary>Share of the shapes in generated images that have a fine pattern.</summary>
    public double PatternProbability { get; init; }

    /// <summary>Share of crops without color.</summary>
    public double GrayProbability { get; init; } = 0.05;

    /// <summary>Share of compressed crops that were compressed before, with another grid.</summary>
    public double TwiceProbability { get; init; } = 1.0 / 3;

    /// <summary>Share of compressed crops that do not begin at a block of the JPEG file.</summary>
    public double ShiftedProbability { get; init; } = 0.5;

    /// <summary>Share of crops with marks of an old print: scratches, hairs, dust, folds.</summary>
    public double MarksProbability { get; init; }

    /// <summary>Sides of the crops over the run, multiples of 8; batches change so that their pixels stay about equal.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [96];

    /// <summary>The batches at which the next of <see cref="Sizes"/> begins: one fewer than sizes.</summary>
    public IReadOnlyList<int> SizeSteps { get; init; } = [];

    /// <summary>Side of the crops of held-out photos.</summary>
    public int ValidationSize { get; init; } = 192;

    /// <summary>The shape of a batch.</summary>
    /// <param name="number">The batch's number.</param>
    /// <param name="batch">Images of a batch at the side <paramref name="size"/>.</param>
    /// <param name="size">The nominal side.</param>
    /// <returns>Images, and their side.</returns>
    public (int Count, int Size) Shape(long number, int batch, int size)
    {
        int side = Sizes[SizeSteps.Count(step => number >= step)];
        return (Math.Max(1, (int)Math.Round((double)batch * size * size / ((double)side * side))), side);
    }
}
