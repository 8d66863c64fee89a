using Hypir.Training.Config;
using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Degradation.Ranges;

namespace Hypir.Training.Photos;

/// <summary>Draws plans without computing images.</summary>
/// <param name="settings">What to draw from.</param>
/// <param name="sizes">Widths and heights of the photos.</param>
public sealed class PhotoPlanner(DataSettings settings, IReadOnlyList<(int Width, int Height)> sizes)
{
    /// <summary>Side of blur kernels: three standard deviations of the widest blur on each side of the middle.</summary>
    internal const int KernelSide = 11;

    // The next images to be drawn from come from few generated ones, since making one takes as long as many crops.
    private const int CropsOfLeaves = 64;

    // Shares of what a camera's pictures have; the rest is the plain form.
    private const double HalvedChroma = 0.6, WhiteNoise = 0.6, CameraNoise = 0.2, GrayNoise = 0.08;
    private const double RoundBlur = 0.65, LensBlur = 0.2;

    private readonly PhotoSettings _photos = settings.Photos;
    // Photos with more pixels have more to show.
    private readonly double[] _weights = [.. sizes.Select(size => Math.Sqrt((double)size.Width * size.Height))];

    /// <summary>Draws a plan.</summary>
    /// <param name="random">The sample's stream.</param>
    /// <param name="number">The sample's number.</param>
    /// <param name="size">Side of the crop.</param>
    public PhotoPlan Draw(SeededRandom random, long number, int size)
    {
        DegradationRanges ranges = settings.Degradation;
        PhotoCrop crop = Crop(random, number, size);
        var flips = Flips.Sample(settings.Flips, random);
        bool gray = random.Chance(_photos.GrayProbability);
        KernelSpec? blur = random.Chance(ranges.Blur1.Probability) ? Blur(random, ranges.Blur1.Sigma.Sample(random)) : null;
        PhotoNoisePlan? noise = random.Chance(ranges.Stage1.NoiseProbability)
            ? Noise(random, ranges.Stage1.Gaussian.Sample(random))
            : null;
        IReadOnlyList<PhotoJpegPlan> jpegs = random.Chance(ranges.Stage1.JpegProbability) ? Jpegs(random, ranges.Stage1.Quality) : [];
        bool shifted = random.Chance(_photos.ShiftedProbability);
        int x = random.Whole(0, PhotoDamage.Grid - 1), y = random.Whole(0, PhotoDamage.Grid - 1);
        return new()
        {
            Crop = crop,
            Flips = flips,
            Gray = gray,
            Blur = blur,
            Noise = noise,
            Jpegs = jpegs,
            Shift = shifted ? (x, y) : (0, 0),
            // Nothing is drawn for a probability of 0: runs without marks have the draws that they had before there were any.
            Marks = _photos.MarksProbability > 0 && random.Chance(_photos.MarksProbability)
                ? PhotoMarks.Draw(random, PhotoDamage.Window(size))
                : [],
        };
    }

    private PhotoCrop Crop(SeededRandom random, long number, int size)
    {
        bool leaves = random.Chance(_photos.DeadLeavesProbability);
        int source = SeededRandom.IndexAt(_weights, random.Unit() * _weights.Sum());
        bool large = leaves || Math.Min(sizes[source].Width, sizes[source].Height) >= _photos.LargeFrom;
        double reduction = (large ? _photos.Reduction : _photos.SmallReduction).Sample(random);
        var places = Enumerable.Range(0, _photos.Choices).Select(_ => (random.Unit(), random.Unit())).ToArray();
        return new(leaves ? -1 : source, leaves ? number / CropsOfLeaves : 0, size, reduction, places, random.Unit());
    }

    private static KernelSpec Blur(SeededRandom random, double sigma)
    {
        double kind = random.Unit(), share = random.Unit(), angle = random.Uniform(0, Math.PI);
        var spec = new KernelSpec { Kind = KernelKind.Iso, Size = KernelSide, SigmaX = sigma, SigmaY = sigma, Theta = 0 };
        if (kind < RoundBlur)
            return spec;
        // A lens blurs a little more in one direction, motion nearly only in one.
        double other = kind < RoundBlur + LensBlur ? sigma * (0.5 + 0.5 * share) : 0.25 + 0.15 * share;
        return spec with { Kind = KernelKind.Aniso, SigmaY = other, Theta = angle };
    }

    private static PhotoNoisePlan Noise(SeededRandom random, double sigma)
    {
        double kind = random.Unit();
        var drawn = kind < WhiteNoise ? PhotoNoiseKind.White
            : kind < WhiteNoise + CameraNoise ? PhotoNoiseKind.Camera
            : PhotoNoiseKind.Demosaiced;
        return new(drawn, sigma, random.Chance(GrayNoise), random.Seed());
    }

    private IReadOnlyList<PhotoJpegPlan> Jpegs(SeededRandom random, ValueRange quality)
    {
        bool halved = random.Chance(HalvedChroma), twice = random.Chance(_photos.TwiceProbability);
        var last = new PhotoJpegPlan((int)Math.Round(quality.Sample(random)), halved, 0, 0);
        var first = new PhotoJpegPlan(
            (int)Math.Round(quality.Sample(random)), halved, random.Whole(0, PhotoDamage.Grid - 1), random.Whole(0, PhotoDamage.Grid - 1));
        return twice ? [first, last] : [last];
    }
}
