using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Kernels;

namespace Hypir.Training.Photos;

/// <summary>
/// Held-out photos with each kind of damage, from weak to strong over the photos: a fixed set, so that figures of different runs can be
/// compared.
/// </summary>
internal static class PhotoValidation
{
    private const int Most = 10;
    private const double LargeReduction = 2;
    private const double Sharpest = 0.5, Softest = 1.5, LeastNoise = 5, MostNoise = 20, WorstQuality = 40, BestQuality = 90;

    /// <summary>Makes the pairs: of each photo one with each kind of damage, and one undamaged.</summary>
    /// <param name="settings">The data settings.</param>
    /// <param name="path">A folder or list of photos; the first ten are used.</param>
    public static IReadOnlyList<TrainingPair> Pairs(DataSettings settings, string path)
    {
        ManifestEntry[] entries = [.. Manifest.Read(path, new() { FileList = path }).Take(Most)];
        var library = new PhotoLibrary(entries, settings.Seed);
        return
        [
            .. Enumerable.Range(0, entries.Length).SelectMany(i => Plans(settings.Photos, library, i, entries.Length))
                .Select(plan => PhotoPairs.Make(plan, library)),
        ];
    }

    private static IEnumerable<PhotoPlan> Plans(PhotoSettings settings, PhotoLibrary library, int photo, int count)
    {
        // Not the run's seed: the set is the same for all runs.
        var random = new SeededRandom(1, photo);
        double strength = count == 1 ? 0.5 : (double)photo / (count - 1);
        var (width, height) = library.Sizes[photo];
        bool large = Math.Min(width, height) >= settings.LargeFrom;
        (double, double)[] places = [.. Enumerable.Range(0, settings.Choices).Select(_ => (random.Unit(), random.Unit()))];
        var plain = new PhotoPlan
        {
            Crop = new(photo, 0, settings.ValidationSize, large ? LargeReduction : settings.SmallReduction.Low, places, random.Unit()),
            // Half of the compressed ones do not begin at a block.
            Shift = photo % 2 == 0 ? (0, 0) : (random.Whole(1, PhotoDamage.Grid - 1), random.Whole(0, PhotoDamage.Grid - 1)),
        };
        double sigma = Mixed(Sharpest, Softest, strength);
        var blur = new KernelSpec { Kind = KernelKind.Iso, Size = PhotoPlanner.KernelSide, SigmaX = sigma };
        var noise = new PhotoNoisePlan(PhotoNoiseKind.White, Mixed(LeastNoise, MostNoise, strength), false, random.Seed());
        var last = new PhotoJpegPlan((int)Math.Round(Mixed(BestQuality, WorstQuality, strength)), photo % 4 < 2, 0, 0);
        IReadOnlyList<PhotoJpegPlan> jpegs = photo % 3 == 2 ? [last with { Quality = 75, X = 3, Y = 5 }, last] : [last];
        return
        [
            plain with { Blur = blur }, plain with { Noise = noise }, plain with { Jpegs = jpegs },
            plain with { Blur = blur, Noise = noise, Jpegs = jpegs }, plain,
        ];
    }

    private static double Mixed(double from, double to, double share) => from + (to - from) * share;
}
