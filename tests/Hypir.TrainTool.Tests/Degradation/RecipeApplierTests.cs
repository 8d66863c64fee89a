using Hypir.Testing;
using Hypir.TrainTool.Degradation;
using Hypir.TrainTool.Degradation.Ranges;
using Hypir.TrainTool.Degradation.Recipes;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Degradation;

[TestClass]
public sealed class RecipeApplierTests : TensorTest
{
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
    public void Tiny_pictures_come_through(int height, int width)
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
    public void Another_number_of_pictures_is_refused()
    {
        using var images = rand(2, 3, 20, 20);
        var recipe = new RecipeSampler(new DegradationRanges()).Recipe(new SeededRandom(1));
        Assert.ThrowsExactly<ArgumentException>(() => RecipeApplier.Apply(recipe, images));
    }

    /// <summary>LQ: off by at most one level, in at most 0.2 % of the values.</summary>
    private static void Finish(GoldenRun run, DegradedPictures result)
    {
        var difference = ((run.Golden["out.LQ"] - result.Lq) * 255).abs();
        double off = (difference > 0.5).to(float64).mean().item<double>(), largest = difference.max().item<float>();
        Console.WriteLine($"{run.Name}: LQ off by {largest:f3} levels at most, {off:p3} of the values differ");
        Assert.IsTrue(largest <= 1.001, $"{run.Name}: LQ is off by {largest} levels.");
        Assert.IsTrue(off <= 0.002, $"{run.Name}: {off:p2} of LQ differ.");
    }
}
