using Hypir.Networks;
using Hypir.Training.Config;
using Hypir.Training.Data;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Evaluation;
using Hypir.Training.Logging;
using Hypir.Training.Models;
using Hypir.Training.Photos;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>
/// Shows and measures the generator's results on a fixed set of pairs: held-out images if configured, otherwise the first pairs of the run.
/// </summary>
internal sealed class Sampler
{
    // More would not be worth the time.
    private const int MostShown = 4, MostMeasured = 32;

    private readonly ITrainingModel _model;
    private readonly Trainer _trainer;
    private readonly Device _device;
    private readonly IReadOnlyList<TrainingPair> _pairs;
    private readonly int _batch;
    private (long Batch, IReadOnlyList<TrainSample> Samples)? _last;

    /// <summary>Degrades the pairs.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="entries">The images that are trained on.</param>
    /// <param name="model">The networks.</param>
    /// <param name="trainer">The training.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="cancellation">Cancels the wait for images.</param>
    public Sampler(
        TrainSettings settings, IReadOnlyList<ManifestEntry> entries, ITrainingModel model, Trainer trainer, Device device,
        CancellationToken cancellation)
    {
        (_model, _trainer, _device, _batch) = (model, trainer, device, settings.Data.BatchSize);
        Validates = settings.ValidationPath is not null;
        _pairs = settings.ValidationPath is { } path
            ? settings.Data.Photos.Enabled
                ? PhotoValidation.Pairs(settings.Data, path)
                : HeldOut(settings.Data, path, device, cancellation)
            : Pairs(settings.Data with { QueueSize = 0 }, entries, MostShown, device, cancellation);
    }

    /// <summary>Whether there are held-out images to measure with.</summary>
    public bool Validates { get; }

    /// <summary>The first pairs with the generator's current results.</summary>
    public IReadOnlyList<TrainSample> Samples()
    {
        // The log and the report request the same samples.
        if (_last is not { } last || last.Batch != _trainer.Counters.Batches)
            _last = last = (_trainer.Counters.Batches, Generate());
        return last.Samples;
    }

    private IReadOnlyList<TrainSample> Generate()
    {
        TrainingPair[] shown = [.. _pairs.Take(MostShown)];
        RgbImage[] now = [.. Generated(shown, average: false)],
            average = _trainer.Average is null ? [] : [.. Generated(shown, average: true)];
        return
        [
            .. shown.Select(
                (pair, i) =>
                    new TrainSample(
                        pair.Recipe.Samples[pair.Place].Name, pair.Prompt, Image(pair, lq: true).ToImage(),
                        Image(pair, lq: false).ToImage(), now[i].ToImage(), average.ElementAtOrDefault(i)?.ToImage())
            ),
        ];
    }

    /// <summary>The generator's current quality, with averaged weights if available.</summary>
    public Measurement Measure()
    {
        using var scope = NewDisposeScope();
        var gains = new List<(string Kind, double Gain)>();
        var mean = Quality.Mean([.. Generated(_pairs, average: _trainer.Average is not null).Select((generated, i) =>
        {
            Tensor image = Unit(generated), truth = Unit(Image(_pairs[i], lq: false));
            double psnr = Metrics.Psnr(image, truth);
            if (_pairs[i].Photo is { } plan)
                gains.Add((plan.Kind, psnr - Before(_pairs[i], plan, truth)));
            return new Quality(psnr, Metrics.Ssim(image, truth), Metrics.ColorShift(image, truth), null);
        })]);
        return new(mean, [.. gains.GroupBy(pair => pair.Kind).Select(kind => (kind.Key, kind.Average(pair => pair.Gain)))]);
    }

    /// <summary>The quality of the damaged image; 0 for an undamaged one, whose gain is its result's quality.</summary>
    private static double Before(TrainingPair pair, PhotoPlan plan, Tensor truth) =>
        plan.Kind == Measurement.Undamaged ? 0 : Metrics.Psnr(Unit(Image(pair, lq: true)), truth);

    private static IReadOnlyList<TrainingPair> HeldOut(DataSettings data, string path, Device device, CancellationToken cancellation)
    {
        var settings = data with
        {
            QueueSize = 0,
            Crop = data.Crop with { Type = CropType.Center },
            Flips = new(),
            Manifest = new() { FileList = path },
        };
        var entries = Manifest.Read(path, settings.Manifest, recursive: false);
        return Pairs(settings, entries, Math.Min(MostMeasured, entries.Count), device, cancellation);
    }

    private static IReadOnlyList<TrainingPair> Pairs(
        DataSettings settings, IReadOnlyList<ManifestEntry> entries, int count, Device device, CancellationToken cancellation)
    {
        var pairs = new List<TrainingPair>();
        using IPairSource source = PairSources.Create(settings, entries, device, null);
        while (pairs.Count < count)
            pairs.AddRange(source.Next(cancellation).Batch.Pairs);
        return [.. pairs.Take(count)];
    }

    private IEnumerable<RgbImage> Generated(IReadOnlyList<TrainingPair> pairs, bool average) =>
        [.. pairs.Chunk(_batch).SelectMany(chunk => Generated(new PairBatch(0, chunk), average))];

    private List<RgbImage> Generated(PairBatch pairs, bool average)
    {
        using var scope = NewDisposeScope();
        using var batch = _model.Prepare(pairs, seed: 0, _device);
        var unit = TrainingViews.Generate(_trainer, batch, average).Times(0.5).Plus(0.5).to(ScalarType.Float32).cpu();
        // Networks that enlarge are shown and measured at the size of their input.
        long factor = unit.shape[2] / pairs.Pairs[0].Height;
        if (factor > 1)
            unit = nn.functional.avg_pool2d(unit, factor);
        return [.. Enumerable.Range(0, pairs.Pairs.Count).Select(i => ImageTensor.ToImage(unit[i]))];
    }

    private static RgbImage Image(TrainingPair pair, bool lq)
    {
        using var scope = NewDisposeScope();
        long[] shape = [3, pair.Height, pair.Width];
        return ImageTensor.ToImage(lq ? ImageTensor.ToUnit(tensor(pair.Lq, shape)) : tensor(pair.Gt, shape));
    }

    private static Tensor Unit(RgbImage image) => ImageTensor.ToUnit(ImageTensor.Of(image));
}
