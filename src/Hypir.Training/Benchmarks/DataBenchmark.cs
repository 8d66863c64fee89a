using Hypir.Imaging;
using Hypir.Training.Config;
using Hypir.Training.Data;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Data.Workers;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Jpeg;
using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Degradation.Noise;
using Hypir.Training.Degradation.Recipes;
using static TorchSharp.torch;

namespace Hypir.Training.Benchmarks;

/// <summary>Times every element of data preparation on one thread, then whole runs with all workers.</summary>
internal sealed class DataBenchmark : IDisposable
{
    private readonly DataSettings _settings;
    private readonly int _workers;
    private readonly TimeSpan _time;
    private readonly string _folder = Directory.CreateTempSubdirectory("hypir-bench-").FullName;
    private readonly RgbImage _image;
    private readonly string _exact, _photo;

    /// <summary>Creates its own test images.</summary>
    /// <param name="settings">Ranges, and the size of samples.</param>
    /// <param name="workers">Threads of the whole runs.</param>
    /// <param name="time">Time per element.</param>
    public DataBenchmark(DataSettings settings, int workers, TimeSpan time)
    {
        (_settings, _workers, _time) = (settings, workers, time);
        int size = settings.Crop.Size;
        _image = BenchImage.Make(size, size);
        _exact = Save(_image, "exact.png");
        _photo = Save(BenchImage.Make(size * 5 / 2, size * 15 / 8), "photo.jpg");
    }

    /// <summary>Times the elements, in the pipeline's order; the dense sharpener is included for comparison.</summary>
    public IEnumerable<BenchRow> Elements()
    {
        // One worker, whose thread uses a single torch thread, as in a run.
        var elements = List();
        using var timed = new OrderedWorkers<BenchRow>(1, 1, 0, elements.Count, (number, _) =>
            Stopwatches.Time(elements[(int)number], _time)
        );
        while (timed.TryTake(out var row))
            yield return row;
    }

    /// <summary>Times whole runs.</summary>
    public IEnumerable<BenchRow> Runs()
    {
        yield return Loader($"loader: decode, flip, kernels ({_workers} workers)", _exact, CropType.None);
        yield return Loader($"loader: decode and cut a large JPEG too ({_workers} workers)", _photo, CropType.Random);
        var sampler = new RecipeSampler(_settings.Degradation);
        using var degraded = new OrderedWorkers<int>(_workers, 2 * _workers, 0, long.MaxValue, (number, _) =>
        {
            Degrade(sampler, number);
            return 1;
        });
        yield return Stopwatches.Rate($"whole degradation ({_workers} workers)", 4 * _time, () =>
            degraded.TryTake(out int count) ? count : 0
        );
    }

    /// <summary>Deletes the images.</summary>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private List<BenchElement> List()
    {
        var sharpen = _settings.Degradation.Sharpen;
        double[] window = GaussianWindow.Weights(sharpen.Radius, sharpen.Sigma);
        var sampler = new RecipeSampler(_settings.Degradation);
        var sizes = _settings.Degradation.Blur1.Sizes;
        var photo = RgbImage.Of(ImageFile.Load(_photo));
        var crop = Cropper.Sample(new() { Type = CropType.Random, Size = _settings.Crop.Size }, photo.Width, photo.Height, new(1));
        Tensor Image() => ImageTensor.ToUnit(ImageTensor.Of(_image)).unsqueeze(0);
        Tensor Kernel(int size) => KernelBatch.Build([new() { Kind = KernelKind.Aniso, Size = size, SigmaX = 2, SigmaY = 1, Theta = 0.5 }]);
        BenchElement With(string name, Action<Tensor> once)
        {
            // Created once and kept for the life of the process: an image for each element.
            var image = Image().DetachFromDisposeScope();
            return new(name, () => once(image));
        }
        Tensor Draws(Func<INoiseDraws, Tensor> add)
        {
            using var draws = new SeededDraws(1, CPU);
            return add(draws);
        }
        return
        [
            new("decode PNG of the size", () => ImageFile.Load(_exact)),
            new($"decode JPEG of {photo.Width}x{photo.Height}", () => ImageFile.Load(_photo)),
            new("cut a random square out of it", () => Cropper.Cut(photo, crop)),
            new("to tensor, flips", () => new Flips(true, true, true).Apply(ImageTensor.Of(_image))),
            new("draw a recipe", () => sampler.Recipe(new SeededRandom(1))),
            new("compute three kernels", () => KernelTensors.Of(sampler.Recipe(new SeededRandom(1)), zeros(1))),
            With($"sharpen, separable ({sharpen.Radius} + {sharpen.Radius})", image => UnsharpMask.Apply(image, sharpen)),
            With($"sharpen, dense ({sharpen.Radius} x {sharpen.Radius}), for comparison", image =>
                DenseSharpener.Apply(image, sharpen, window)
            ),
            With($"blur, {sizes.Low} px", image => Filter2D.Apply(image, Kernel(sizes.Low))),
            With($"blur, {sizes.High} px", image => Filter2D.Apply(image, Kernel(sizes.High))),
            .. Enum.GetValues<ResizeMode>()
                .Select(mode =>
                    With($"shrink to half, {mode.ToString().ToLowerInvariant()}", image => Resizing.ByFactor(image, mode, 0.5))
                ),
            With("Gaussian noise", image => Draws(draws => GaussianNoise.Add(image, [10], [false], draws))),
            With("Poisson noise", image => Draws(draws => PoissonNoise.Add(image, [1], [false], draws))),
            With("JPEG", image => DiffJpeg.Apply(image, [60])),
            With("round to 8 bits", image => Levels.Finish(image, clip: true, round: true)),
        ];
    }

    private void Degrade(RecipeSampler sampler, long number)
    {
        using var image = ImageTensor.ToUnit(ImageTensor.Of(_image)).unsqueeze(0);
        using var result = RecipeApplier.Apply(sampler.Recipe(new SeededRandom(_settings.Seed, number)), image);
    }

    private BenchRow Loader(string name, string file, CropType crop)
    {
        var settings = _settings with { Workers = _workers, Crop = _settings.Crop with { Type = crop } };
        using var loader = new TrainingLoader(settings, [new ManifestEntry(file, "")]);
        return Stopwatches.Rate(name, 2 * _time, () =>
        {
            var batch = loader.Next();
            foreach (var image in batch.Recipe.Degradation.Images)
                KernelBatch.Build([image.Kernels.Blur1, image.Kernels.Blur2, image.Kernels.Sinc]).Dispose();
            return batch.Samples.Count;
        });
    }

    private string Save(RgbImage image, string name)
    {
        string path = Path.Combine(_folder, name);
        ImageFile.Save(image.ToImage(), path);
        return path;
    }
}

/// <summary>An operation to time: runs once for one sample, within a dispose scope.</summary>
/// <param name="Name">The name.</param>
/// <param name="Once">The operation.</param>
internal sealed record BenchElement(string Name, Action Once);

/// <summary>
/// An image with the features of photos: ramps, edges, texture, and grain, so that codecs and level counting have realistic work.
/// </summary>
internal static class BenchImage
{
    /// <summary>Creates the image.</summary>
    public static RgbImage Make(int width, int height)
    {
        var random = new SeededRandom(1);
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i / 3 % width,
                y = i / 3 / width;
            double value =
                60
                + 90.0 * x / width
                + 40 * Math.Sin(y / 23.0 + i % 3)
                + 25 * Math.Sin(x * y / 900.0)
                + (Math.Abs(x - width / 2) < y / 3 ? 50 : 0);
            pixels[i] = (byte)Math.Clamp(value + random.Uniform(-6, 6), 0, 255);
        }
        return new(width, height, pixels);
    }
}

/// <summary>The timing of one element.</summary>
/// <param name="Element">The operation.</param>
/// <param name="BestMilliseconds">The shortest time for one sample, in milliseconds.</param>
/// <param name="MedianMilliseconds">The median.</param>
/// <param name="CpuMilliseconds">CPU time of all threads for one sample, which is hardly affected by other programs.</param>
/// <param name="SamplesPerSecond">From the shortest time; for a whole run, the measured rate.</param>
internal sealed record BenchRow(
    string Element, double BestMilliseconds, double MedianMilliseconds, double CpuMilliseconds, double SamplesPerSecond);
