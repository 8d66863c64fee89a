using Hypir.Training.Config;
using Hypir.Training.Data;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Data.Workers;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Recipes;

namespace Hypir.Training.Photos;

/// <summary>
/// An endless sequence of batches of damaged photos, made ahead by worker threads. The contents of batch 7 depend only on the seed, the
/// settings, and the list of photos.
/// </summary>
public sealed class PhotoPairs : IPairSource
{
    // Batches that wait while one is in use.
    private const int Ahead = 3;

    private readonly DataSettings _settings;
    private readonly PhotoLibrary _library;
    private readonly PhotoPlanner _planner;
    private readonly OrderedWorkers<PairBatch> _workers;
    private long _next;

    /// <summary>Starts the workers.</summary>
    /// <param name="settings">Batch size, workers, photos, ranges, seed.</param>
    /// <param name="entries">The photos, at least one.</param>
    /// <param name="first">The number of the first batch.</param>
    /// <exception cref="ManifestException">There are no photos.</exception>
    public PhotoPairs(DataSettings settings, IReadOnlyList<ManifestEntry> entries, long first = 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_settings, _next) = (settings, first);
        _library = new(entries, settings.Seed, settings.Photos.PatternProbability);
        _planner = new(settings, _library.Sizes);
        _workers = new(Math.Max(1, settings.Workers), Ahead, first, long.MaxValue, Make);
    }

    /// <inheritdoc/>
    public PairSourceState State => PairSourceState.At(_next, _settings.Seed);

    /// <inheritdoc/>
    public (PairBatch Batch, IReadOnlyList<string> Skipped) Next(CancellationToken cancellation = default)
    {
        _workers.TryTake(out PairBatch batch, cancellation);
        _next++;
        return (batch, []);
    }

    /// <inheritdoc/>
    public void Dispose() => _workers.Dispose();

    /// <summary>Makes a pair.</summary>
    /// <param name="plan">Its plan.</param>
    /// <param name="library">The photos.</param>
    internal static TrainingPair Make(PhotoPlan plan, PhotoLibrary library)
    {
        var (damaged, clean) = PhotoDamage.Apply(plan, library.Cut(plan.Crop));
        string source = plan.Crop.Source < 0 ? "leaves" : library.Names[plan.Crop.Source];
        var sample = new SampleRecipe { Name = $"{plan.Kind}-{source}", Source = source };
        var recipe = new BatchRecipe([sample], new DegradationRecipe { Images = [new ImageRecipe()] });
        float[] target = Array.ConvertAll(Planes(clean), value => value / 255f);
        return new(target, Planes(damaged), clean.Height, clean.Width, recipe, 0) { Photo = plan };
    }

    private PairBatch Make(long number, CancellationToken cancellation)
    {
        // The batch's own stream: its size may change from batch to batch.
        var random = new SeededRandom(_settings.Seed, number);
        var (count, size) = _settings.Photos.Shape(number, _settings.BatchSize, _settings.Crop.Size);
        var pairs = new TrainingPair[count];
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            pairs[i] = Make(_planner.Draw(random, number * count + i, size), _library);
        }
        return new(number, pairs);
    }

    private static byte[] Planes(RgbImage image)
    {
        int count = image.Width * image.Height;
        var planes = new byte[3 * count];
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; c < 3; c++)
                planes[c * count + i] = image.Pixels[3 * i + c];
        }
        return planes;
    }
}
