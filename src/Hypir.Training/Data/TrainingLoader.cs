using Hypir.Imaging;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Data.Workers;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Recipes;

namespace Hypir.Training.Data;

/// <summary>
/// An endless sequence of batches, prepared ahead by worker threads. The contents of batch 7 depend only on the seed, the settings, and the
/// list of images, not on the number of workers; a resumed run starts at the batch where it stopped. An unreadable image is replaced by
/// another one.
/// </summary>
public sealed class TrainingLoader : IDisposable
{
    /// <summary>Give up after this many unreadable images in a row.</summary>
    private const int MostAttempts = 20;

    private readonly DataSettings _settings;
    private readonly IReadOnlyList<ManifestEntry> _entries;
    private readonly EpochOrder _order;
    private readonly SampleDrawer _drawer;
    private readonly RecipeSampler _sampler;
    private readonly OrderedWorkers<TrainingSample> _workers;
    private long _batch;

    /// <summary>Starts the workers.</summary>
    /// <param name="settings">Batch size, workers, crops, ranges, seed.</param>
    /// <param name="entries">The images, at least one.</param>
    /// <param name="firstBatch">The number of the first batch.</param>
    public TrainingLoader(DataSettings settings, IReadOnlyList<ManifestEntry> entries, long firstBatch = 0)
    {
        if (entries.Count == 0)
            throw new ManifestException("There are no images to train on.", "Check file_list and image_path_prefix.");
        (_settings, _entries, _batch) = (settings, entries, firstBatch);
        _order = new(settings.Seed, entries.Count);
        _drawer = new(settings);
        _sampler = new(settings.Degradation);
        // Two batches wait while one is in use; each worker prepares one more image.
        int workers = Math.Max(1, settings.Workers), ahead = 2 * settings.BatchSize + workers;
        _workers = new(workers, ahead, firstBatch * settings.BatchSize, long.MaxValue, Make);
    }

    /// <summary>Waits for the next batch.</summary>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="ManifestException">Too many images in a row cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrainingBatch Next(CancellationToken cancellation = default)
    {
        var samples = new List<TrainingSample>(_settings.BatchSize);
        while (samples.Count < _settings.BatchSize && _workers.TryTake(out var sample, cancellation))
            samples.Add(sample);
        var recipe = _sampler.Recipe(new(_settings.Seed, 2 * _batch + 1), [.. samples.Select(sample => sample.Kernels)]);
        return new(_batch++, samples, new([.. samples.Select(sample => sample.Recipe)], recipe));
    }

    /// <summary>Stops the workers.</summary>
    public void Dispose() => _workers.Dispose();

    private TrainingSample Make(long number, CancellationToken cancellation)
    {
        var random = new SeededRandom(_settings.Seed, 2 * number);
        var skipped = new List<string>();
        var entry = _entries[_order[number]];
        while (true)
        {
            try
            {
                var recipe = _drawer.Draw(entry, $"sample-{number}", random);
                CheckSize(recipe);
                using var pixels = SampleImage.Load(recipe, cancellation);
                return new(recipe, _sampler.Kernels(random), [.. pixels.data<byte>()], (int)pixels.shape[1], (int)pixels.shape[2], skipped);
            }
            catch (ImageException failure)
            {
                skipped.Add(failure.Message);
                if (skipped.Count == MostAttempts)
                    throw new ManifestException(
                        $"{MostAttempts} images in a row are unusable; the last one: {failure.Message}", failure.Remedy, failure);
                entry = random.Pick(_entries);
            }
        }
    }

    private void CheckSize(SampleRecipe recipe)
    {
        int size = _settings.Crop.Size;
        if (recipe.Crop is null && (recipe.Width != size || recipe.Height != size))
            throw new ImageException(
                recipe.Source, $"It has {recipe.Width}x{recipe.Height} pixels, and crop_type none needs {size}x{size}.",
                "Set crop_type to center or random, or cut the images.");
    }
}

/// <summary>
/// The order in which images are visited: each epoch visits all of them once, in its own random order. Thread-safe.
/// </summary>
/// <param name="seed">The run's seed.</param>
/// <param name="count">Number of images.</param>
public sealed class EpochOrder(long seed, int count)
{
    // Workers run slightly ahead of each other, so two epochs are in use near a boundary.
    private const int Kept = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, int[]> _orders = [];

    /// <summary>The image at a position in the endless sequence of epochs.</summary>
    public int this[long place]
    {
        get
        {
            var (epoch, index) = Math.DivRem(place, count);
            lock (_lock)
            {
                if (!_orders.TryGetValue(epoch, out int[]? order))
                {
                    // The complemented seed separates these streams from those of samples and batches.
                    order = new SeededRandom(~seed, epoch).Permutation(count);
                    _orders.Add(epoch, order);
                    if (_orders.Count > Kept)
                        _orders.Remove(_orders.Keys.Min() == epoch ? _orders.Keys.Max() : _orders.Keys.Min());
                }
                return order[index];
            }
        }
    }
}
