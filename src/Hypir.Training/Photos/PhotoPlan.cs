using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation.Kernels;

namespace Hypir.Training.Photos;

/// <summary>All choices for one crop and its damage: with the photos, everything that <see cref="PhotoDamage"/> needs.</summary>
public sealed record PhotoPlan
{
    /// <summary>Where the crop comes from.</summary>
    public required PhotoCrop Crop { get; init; }

    /// <summary>Flips, before the damage.</summary>
    public Flips Flips { get; init; } = Flips.None;

    /// <summary>Whether the crop loses its color.</summary>
    public bool Gray { get; init; }

    /// <summary>Blur; null for none.</summary>
    public KernelSpec? Blur { get; init; }

    /// <summary>Marks of an old print, which lie over the blurred image and under noise and compression.</summary>
    public IReadOnlyList<PhotoMark> Marks { get; init; } = [];

    /// <summary>Noise; null for none.</summary>
    public PhotoNoisePlan? Noise { get; init; }

    /// <summary>JPEG compressions, in order.</summary>
    public IReadOnlyList<PhotoJpegPlan> Jpegs { get; init; } = [];

    /// <summary>The first column and row of the crop in the window around it, from <see cref="PhotoDamage.Margin"/> on.</summary>
    public (int X, int Y) Shift { get; init; }

    /// <summary>The kind of damage: blur, noise, jpeg, mixture, marks, undamaged.</summary>
    public string Kind => Marks.Count > 0 ? "marks" : (Blur is not null, Noise is not null, Jpegs.Count > 0) switch
    {
        (false, false, false) => "undamaged",
        (true, false, false) => "blur",
        (false, true, false) => "noise",
        (false, false, true) => "jpeg",
        _ => "mixture",
    };
}

/// <summary>Where a crop comes from: the most likely of several places is the one with the most texture.</summary>
/// <param name="Source">Index of the photo; -1 for a generated image.</param>
/// <param name="Leaves">The generated image's number; unused for a photo.</param>
/// <param name="Size">Side of the crop in pixels.</param>
/// <param name="Reduction">How much smaller the image becomes.</param>
/// <param name="Places">Places to choose from, as shares of the room that there is, 0 to 1.</param>
/// <param name="Choice">The draw that chooses, 0 to 1.</param>
public sealed record PhotoCrop(
    int Source, long Leaves, int Size, double Reduction, IReadOnlyList<(double X, double Y)> Places, double Choice);

/// <summary>Noise.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Sigma">Standard deviation in levels of 255; for a camera's, at middle gray.</param>
/// <param name="Gray">Whether all channels have the same noise.</param>
/// <param name="Seed">Seed of the numbers.</param>
public sealed record PhotoNoisePlan(PhotoNoiseKind Kind, double Sigma, bool Gray, long Seed);

/// <summary>Kinds of noise.</summary>
public enum PhotoNoiseKind
{
    /// <summary>Gaussian and independent.</summary>
    White,

    /// <summary>Stronger where it is bright, as photon counts are: normal, of the variance of Poisson and Gaussian noise.</summary>
    Camera,

    /// <summary>Correlated as after demosaicing: drawn at the sites of a Bayer pattern, interpolated in between.</summary>
    Demosaiced,
}

/// <summary>One compression.</summary>
/// <param name="Quality">1 to 100.</param>
/// <param name="Halved">Whether chroma has half the resolution.</param>
/// <param name="X">Columns of the window that the file leaves out at its left, so that its grid lies elsewhere.</param>
/// <param name="Y">Rows left out at its top.</param>
public sealed record PhotoJpegPlan(int Quality, bool Halved, int X, int Y);
