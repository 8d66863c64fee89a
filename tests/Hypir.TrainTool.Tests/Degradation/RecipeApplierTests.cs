using Hypir.Testing;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Jpeg;
using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Degradation.Noise;
using Hypir.Training.Degradation.Ranges;
using Hypir.Training.Degradation.Recipes;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Degradation;

[TestClass]
public sealed class RecipeApplierTests : TensorTest
{
    [TestMethod]
    public void Of_a_batch_only_the_images_with_a_quality_are_compressed()
    {
        using var scope = NewDisposeScope();
        Tensor images = rand(3, 3, 32, 48, generator: new Generator(2));
        DegradationRecipe Recipe(params double?[] qualities) =>
            new() { Images = [.. qualities.Select(quality => new ImageRecipe { Stage1 = new() { Quality = quality } })] };
        using var mixed = RecipeApplier.Apply(Recipe(30, null, 70), images);
        foreach (var (place, quality) in new double?[] { 30, null, 70 }.Index())
        {
            using var alone = RecipeApplier.Apply(Recipe(quality), images.narrow(0, place, 1));
            Assert.AreEqual(0, (alone.Lq[0] - mixed.Lq[place]).abs().max().item<float>());
            Assert.AreEqual(quality is null, (mixed.Lq[place] - images[place]).abs().max().item<float>() < 1.0 / 255);
        }
    }

    [TestMethod, TestCategory("Golden")]
    public void Each_step_from_the_recorded_one_before_it()
    {
        var worst = new Worst("run steps");
        foreach (string path in Goldens.Cases("*.safetensors", "degradation", "runs"))
        {
            using var scope = NewDisposeScope();
            using var run = new GoldenRun(path);
            var steps = run.Steps.ToDictionary(step => step.Name, step => step.Tensor);
            var seen = new List<string>();
            using var result = run.Apply((name, actual) =>
            {
                if (!steps.TryGetValue(name, out string? recorded))
                    return actual; // noise is not recorded by itself
                seen.Add(name);
                var expected = run.Golden[recorded];
                worst.Compare(expected, actual, 1e-5, $"{run.Name} {name}");
                return expected.clone();
            });
            CollectionAssert.AreEqual(steps.Keys.ToList(), seen, run.Name);
            worst.Compare(run.Golden[run.Golden.Has("out.GT") ? "out.GT" : "in.hq"], result.Gt, 1e-5, $"{run.Name} GT");
            Finish(run, result);
        }
        worst.AssertSome();
    }

    [TestMethod, TestCategory("Golden")]
    public void Whole_runs()
    {
        int ran = 0;
        foreach (string path in Goldens.Cases("*.safetensors", "degradation", "runs"))
        {
            using var scope = NewDisposeScope();
            using var run = new GoldenRun(path);
            if (!run.IsSafe)
                continue; // its steps are compared one by one above
            var worst = new Worst(run.Name);
            var steps = run.Steps.ToDictionary(step => step.Name, step => step.Tensor);
            using var result = run.Apply((name, actual) =>
            {
                if (steps.TryGetValue(name, out string? recorded))
                    worst.Compare(run.Golden[recorded], actual, 1e-5, name);
                return actual;
            });
            worst.AssertSome();
            Finish(run, result);
            ran++;
        }
        Assert.AreNotEqual(0, ran, "No run is safe from ties.");
    }

    [TestMethod]
    public void The_same_recipe_gives_the_same_bytes_and_leaves_its_input_alone()
    {
        using var scope = NewDisposeScope();
        var sampler = new RecipeSampler(new());
        var images = rand(2, 3, 40, 56);
        var before = images.clone();
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new SeededRandom(seed);
            var recipe = sampler.Recipe(random, [sampler.Kernels(random), sampler.Kernels(random)]);
            using var first = RecipeApplier.Apply(recipe, images);
            using var second = RecipeApplier.Apply(recipe, images);
            Assert.IsTrue(first.Lq.equal(second.Lq).all().item<bool>(), $"seed {seed}");
            CollectionAssert.AreEqual(images.shape, first.Lq.shape);
        }
        Assert.IsTrue(images.equal(before).all().item<bool>());
    }

    [TestMethod]
    [DataRow(1, 1), DataRow(3, 50), DataRow(9, 7)]
    public void Tiny_images_come_through(int height, int width)
    {
        using var scope = NewDisposeScope();
        var sampler = new RecipeSampler(new() { ResizeBack = height > 5 });
        for (int seed = 0; seed < 8; seed++)
        {
            using var result = RecipeApplier.Apply(sampler.Recipe(new(seed)), rand(1, 3, height, width));
            Assert.IsTrue(isfinite(result.Lq).all().item<bool>());
            Assert.AreEqual(height > 5 ? height : 1, result.Lq.shape[2]);
        }
    }

    [TestMethod]
    public void What_a_recipe_does_not_name_is_not_done()
    {
        using var scope = NewDisposeScope();
        var images = randint(0, 256, [2, 3, 20, 30]).to(float32) / 255;
        using (var same = RecipeApplier.Apply(new() { Images = [new(), new()] }, images))
        {
            Assert.IsTrue(images.equal(same.Lq).all().item<bool>());
            Assert.IsTrue(images.equal(same.Gt).all().item<bool>());
        }
        var one = new ImageRecipe { Stage2 = new() { Quality = 50 } };
        using (var compressed = RecipeApplier.Apply(new() { Images = [one, one] }, images))
            Assert.IsTrue(((DiffJpeg.Apply(images, [50, 50]) - compressed.Lq).abs() <= 0.51 / 255).all().item<bool>());
    }

    [TestMethod]
    public void A_recipe_in_words_follows_what_is_done()
    {
        var image = new ImageRecipe
        {
            Kernels = new()
            {
                Blur1 = new() { Kind = KernelKind.PlateauAniso, Size = 9, SigmaX = 2, SigmaY = 0.5, Theta = Math.PI / 2, Beta = 1.5 },
                Sinc = new() { Kind = KernelKind.Sinc, Size = 21, Cutoff = Math.PI / 2 },
            },
            Stage1 = new() { NoiseAmount = 12.34, GreyNoise = true, Quality = 40 },
            Stage2 = new() { NoiseAmount = 2, Quality = 90.55 },
        };
        var recipe = new DegradationRecipe
        {
            Sharpen = new(),
            Stage1 = new() { Scale = 0.25, Mode = ResizeMode.Area },
            SecondBlur = true,
            Stage2Scale = 4,
            Stage2 = new() { Scale = 1.1, Mode = ResizeMode.Bilinear, Noise = NoiseKind.Poisson },
            Final = new() { Order = FinalOrder.JpegThenSinc },
            Images = [image],
        };
        CollectionAssert.AreEqual(new[]
        {
            "clean image sharpened by 0.5 above 10 levels",
            "elliptical plateau blur, 9 px, sigma 2 x 0.5 at 90°, power 1.5",
            "shrunk to 25 % (area)",
            "gray Gaussian noise, sigma 12.3 of 255",
            "JPEG, quality 40",
            "resized to 110 % of 1/4 of the first size (bilinear)",
            "colored Poisson noise, strength 2",
            "JPEG, quality 90.6",
            "resized to 1/4 of the first size (bicubic)",
            "sinc filter, 21 px, cut-off 0.5 pi",
            "back to the first size (bicubic)",
        }, RecipeWords.Describe(recipe, 0).ToArray());
        Assert.AreEqual(0, RecipeWords.Describe(new() { Images = [new()] }, 0).Count);
    }

    [TestMethod]
    public void Another_number_of_images_is_refused()
    {
        using var images = rand(2, 3, 20, 20);
        var recipe = new RecipeSampler(new DegradationRanges()).Recipe(new SeededRandom(1));
        Assert.ThrowsExactly<ArgumentException>(() => RecipeApplier.Apply(recipe, images));
    }

    /// <summary>LQ: off by at most one level, in at most 0.2 % of the values.</summary>
    private static void Finish(GoldenRun run, DegradedImages result)
    {
        var difference = ((run.Golden["out.LQ"] - result.Lq) * 255).abs();
        double off = (difference > 0.5).to(float64).mean().item<double>(), largest = difference.max().item<float>();
        Console.WriteLine($"{run.Name}: LQ off by {largest:f3} levels at most, {off:p3} of the values differ");
        Assert.IsTrue(largest <= 1.001, $"{run.Name}: LQ is off by {largest} levels.");
        Assert.IsTrue(off <= 0.002, $"{run.Name}: {off:p2} of LQ differ.");
    }
}
