using System.Globalization;
using System.Text.Json;
using Hypir.Testing;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Degradation.Noise;
using Hypir.Training.Degradation.Ranges;
using Hypir.Training.Degradation.Recipes;

namespace Hypir.TrainTool.Tests.Degradation;

/// <summary>
/// The distributions of what is drawn. The seed is fixed, so the tests are too; the bound is five standard errors, which a right sampler
/// exceeds once in two million comparisons and a wrong probability or range by far.
/// </summary>
[TestClass]
public sealed class RecipeSamplerTests
{
    private const double Errors = 5;
    private const int Samples = 20000;
    private double _worst;
    private int _compared;

    [TestMethod, TestCategory("Golden")]
    public void Kernels_are_distributed_as_the_references()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Goldens.Require("degradation", "kernel_statistics.json")));
        var sampler = new RecipeSampler(new());
        KernelSet[] sets = [.. Enumerable.Range(0, Samples).Select(i => sampler.Kernels(new SeededRandom(231, i)))];
        foreach (
            var (name, select) in new (string, Func<KernelSet, KernelSpec>)[]
            {
                ("kernel1", set => set.Blur1),
                ("kernel2", set => set.Blur2),
            }
        )
            Blur([.. sets.Select(select)], golden.RootElement.GetProperty(name), golden.RootElement.GetProperty("samples").GetInt32());
        var final = golden.RootElement.GetProperty("sinc_kernel");
        KernelSpec[] last = [.. sets.Select(set => set.Sinc)], filters = [.. last.Where(spec => spec.Kind == KernelKind.Sinc)];
        Frequencies(final.GetProperty("kind"), [.. last.Select(Kind)], Samples);
        Frequencies(final.GetProperty("size"), [.. filters.Select(Size)], Samples);
        Values(final.GetProperty("cutoff"), [.. filters.Select(spec => spec.Cutoff!.Value)]);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"kernel_statistics: {_compared} comparisons, worst {_worst:f2} standard errors"));
        Assert.IsTrue(_compared > 60);
    }

    [TestMethod]
    public void Stages_keep_to_their_ranges_and_probabilities()
    {
        var ranges = new DegradationRanges { Stage2Scale = new(2, 4) };
        var sampler = new RecipeSampler(ranges);
        DegradationRecipe[] recipes = [.. Enumerable.Range(0, Samples).Select(i => sampler.Recipe(new SeededRandom(5, i)))];
        Stage([.. recipes.Select(recipe => recipe.Stage1)], [.. recipes.Select(recipe => recipe.Images[0].Stage1)], ranges.Stage1);
        Stage([.. recipes.Select(recipe => recipe.Stage2)], [.. recipes.Select(recipe => recipe.Images[0].Stage2)], ranges.Stage2);
        Uniform("stage2_scale", [.. recipes.Select(recipe => recipe.Stage2Scale)], 2, 4);
        Share("second blur", recipes.Count(recipe => recipe.SecondBlur), Samples, 0.8);
        Share("sinc first", recipes.Count(recipe => recipe.Final.Order == FinalOrder.SincThenJpeg), Samples, 0.5);
        foreach (var mode in ranges.ResizeModes)
            Share($"final {mode}", recipes.Count(recipe => recipe.Final.Mode == mode), Samples, 1.0 / 3);
        Assert.AreEqual(
            Samples,
            recipes.Select(recipe => recipe.Stage1.NoiseSeed).Concat(recipes.Select(recipe => recipe.Stage2.NoiseSeed)).Distinct().Count()
                / 2
        );
    }

    [TestMethod]
    public void A_batch_shares_its_choices_and_each_image_has_its_own()
    {
        var sampler = new RecipeSampler(new());
        var random = new SeededRandom(9);
        var recipe = sampler.Recipe(random, [.. Enumerable.Range(0, 6).Select(i => sampler.Kernels(new SeededRandom(9, i)))]);
        Assert.AreEqual(6, recipe.Images.Count);
        Assert.AreEqual(6, recipe.Images.Select(image => image.Stage1.Quality).Distinct().Count());
        Assert.AreEqual(6, recipe.Images.Select(image => image.Kernels.Blur1).Distinct().Count());
    }

    [TestMethod]
    public void Each_kind_of_damage_comes_as_often_as_it_is_asked_for_by_itself_and_not_at_all_at_0()
    {
        const double Blurred = 0.3, Noisy = 0.6, Compressed = 0.8;
        var sampler = new RecipeSampler(new()
        {
            Blur1 = new() { Probability = Blurred },
            Blur2 = new() { Probability = 0 },
            Stage1 = new() { NoiseProbability = Noisy, JpegProbability = Compressed },
            Stage2 = new() { NoiseProbability = 0, JpegProbability = 0 },
        });
        ImageRecipe[] images = [.. Enumerable.Range(0, Samples).Select(i => sampler.Recipe(new SeededRandom(3, i)).Images[0])];
        bool HasBlur(ImageRecipe image) => image.Kernels.Blur1.Kind != KernelKind.Pulse;
        bool HasNoise(ImageRecipe image) => image.Stage1.NoiseAmount > 0;
        bool HasJpeg(ImageRecipe image) => image.Stage1.Quality is not null;
        Share("blurred", images.Count(HasBlur), Samples, Blurred);
        Share("noisy", images.Count(HasNoise), Samples, Noisy);
        Share("compressed", images.Count(HasJpeg), Samples, Compressed);
        Share(
            "all", images.Count(image => HasBlur(image) && HasNoise(image) && HasJpeg(image)), Samples,
            Blurred * Noisy * Compressed);
        Assert.IsTrue(
            images.All(image => image is { Kernels.Blur2.Kind: KernelKind.Pulse, Stage2: { NoiseAmount: 0, Quality: null } }));
    }

    [TestMethod]
    public void Streams_of_a_seed_are_independent_of_each_other()
    {
        double[] first = [.. Enumerable.Range(0, Samples).Select(i => new SeededRandom(1, i).Unit())];
        Uniform("first numbers of streams", first, 0, 1);
        double correlation = first.Zip(first.Skip(1), (a, b) => (a - 0.5) * (b - 0.5) * 12).Average();
        Assert.IsTrue(Math.Abs(correlation) < Errors / Math.Sqrt(Samples), $"Neighbouring streams correlate by {correlation}.");
        Assert.AreNotEqual(new SeededRandom(1, 2).Unit(), new SeededRandom(2, 1).Unit());
    }

    private void Stage(StageRecipe[] stages, ImageStage[] images, StageRanges ranges)
    {
        double[] up = [.. stages.Select(stage => stage.Scale).Where(scale => scale > 1)],
            down = [.. stages.Select(stage => stage.Scale).Where(scale => scale < 1)];
        foreach (
            var (count, probability) in new[] { up.Length, down.Length, stages.Length - up.Length - down.Length }.Zip(
                ranges.ResizeProbabilities)
        )
            Share("up, down, keep", count, stages.Length, probability);
        Uniform("up", up, 1, ranges.Resize.High);
        Uniform("down", down, ranges.Resize.Low, 1);
        Share("gaussian", stages.Count(stage => stage.Noise == NoiseKind.Gaussian), stages.Length, ranges.GaussianProbability);
        double[] Amounts(NoiseKind kind) =>
            [.. stages.Zip(images).Where(pair => pair.First.Noise == kind).Select(pair => pair.Second.NoiseAmount)];
        Uniform("sigma", Amounts(NoiseKind.Gaussian), ranges.Gaussian.Low, ranges.Gaussian.High);
        Uniform("scale", Amounts(NoiseKind.Poisson), ranges.Poisson.Low, ranges.Poisson.High);
        Share("grey", images.Count(image => image.GreyNoise), images.Length, ranges.GreyProbability);
        Uniform("quality", [.. images.Select(image => image.Quality!.Value)], ranges.Quality.Low, ranges.Quality.High);
    }

    private void Blur(KernelSpec[] specs, JsonElement golden, int samples)
    {
        KernelSpec[] shaped = [.. specs.Where(spec => spec.Kind != KernelKind.Sinc)], sincs = [.. specs.Except(shaped)];
        KernelSpec[] turned = [.. shaped.Where(spec => Kind(spec).EndsWith("aniso", StringComparison.Ordinal))];
        double[] Betas(string family) =>
            [.. shaped.Where(spec => Kind(spec).StartsWith(family, StringComparison.Ordinal)).Select(spec => spec.Beta!.Value)];
        Frequencies(golden.GetProperty("kind"), [.. specs.Select(Kind)], samples);
        Frequencies(golden.GetProperty("size"), [.. specs.Select(Size)], samples);
        Values(golden.GetProperty("sigma_x"), [.. shaped.Select(spec => spec.SigmaX!.Value)]);
        Values(golden.GetProperty("sigma_y_aniso"), [.. turned.Select(spec => spec.SigmaY!.Value)]);
        Values(golden.GetProperty("theta_aniso"), [.. turned.Select(spec => spec.Theta!.Value)]);
        Values(golden.GetProperty("beta_generalized"), Betas("generalized"));
        Values(golden.GetProperty("beta_plateau"), Betas("plateau"));
        Values(golden.GetProperty("cutoff_size_below_13"), [.. sincs.Where(spec => spec.Size < 13).Select(spec => spec.Cutoff!.Value)]);
        Values(golden.GetProperty("cutoff_size_13_up"), [.. sincs.Where(spec => spec.Size >= 13).Select(spec => spec.Cutoff!.Value)]);
    }

    /// <summary>Shares against what the reference means and against what its 20,000 samples gave.</summary>
    private void Frequencies(JsonElement golden, string[] drawn, int samples)
    {
        Assert.AreEqual(
            0, drawn.Except(golden.EnumerateObject().Select(entry => entry.Name)).Count(),
            "Something was drawn that the reference never draws.");
        foreach (var entry in golden.EnumerateObject())
        {
            double p = entry.Value.GetProperty("expected").GetDouble(), seen = entry.Value.GetProperty("frequency").GetDouble();
            int count = drawn.Count(name => name == entry.Name);
            Share(entry.Name, count, drawn.Length, p);
            Bound(
                $"{entry.Name} against the reference's samples", (double)count / drawn.Length - seen,
                Math.Sqrt(p * (1 - p) * (1.0 / drawn.Length + 1.0 / samples)));
        }
    }

    private void Values(JsonElement golden, double[] drawn)
    {
        var expected = golden.GetProperty("expected");
        double mean = expected.GetProperty("mean").GetDouble(), deviation = expected.GetProperty("std").GetDouble();
        double low = expected.GetProperty("low").GetDouble(), high = expected.GetProperty("high").GetDouble();
        Moments(golden.ToString(), drawn, mean, deviation, low, high);
        int count = golden.GetProperty("count").GetInt32();
        Bound(
            "mean against the reference's", drawn.Average() - golden.GetProperty("mean").GetDouble(),
            deviation * Math.Sqrt(1.0 / drawn.Length + 1.0 / count));
        if (golden.TryGetProperty("frequency_above_1", out var above))
            Bound(
                "above 1", (double)drawn.Count(value => value > 1) / drawn.Length - above.GetDouble(),
                Math.Sqrt(0.25 / drawn.Length + 0.25 / count));
        if (golden.TryGetProperty("frequency_exactly_1", out var exactly) && exactly.GetDouble() == 0)
            Assert.AreEqual(0, drawn.Count(value => value == 1));
    }

    private void Uniform(string name, double[] drawn, double low, double high) =>
        Moments(name, drawn, (low + high) / 2, (high - low) / Math.Sqrt(12), low, high);

    private void Moments(string name, double[] drawn, double mean, double deviation, double low, double high)
    {
        Assert.IsTrue(drawn.Min() >= low && drawn.Max() <= high, $"{name}: outside [{low}, {high}].");
        double actualMean = drawn.Average(), variance = drawn.Average(value => Math.Pow(value - actualMean, 2));
        Bound($"{name} mean", actualMean - mean, deviation / Math.Sqrt(drawn.Length));
        // The standard error of a variance, by the fourth moment of these very values.
        double fourth = drawn.Average(value => Math.Pow(value - actualMean, 4));
        Bound($"{name} variance", variance - deviation * deviation, Math.Sqrt((fourth - variance * variance) / drawn.Length));
    }

    private void Share(string name, int count, int total, double probability) =>
        Bound(name, (double)count / total - probability, Math.Sqrt(probability * (1 - probability) / total));

    private void Bound(string name, double difference, double standardError)
    {
        double errors = Math.Abs(difference) / standardError;
        Assert.IsTrue(errors <= Errors, $"{name}: {errors:f1} standard errors from what is expected.");
        _worst = Math.Max(_worst, errors);
        _compared++;
    }

    private static string Size(KernelSpec spec) => spec.Size.ToString(CultureInfo.InvariantCulture);

    private static string Kind(KernelSpec spec) => JsonNamingPolicy.SnakeCaseLower.ConvertName(spec.Kind.ToString());
}
