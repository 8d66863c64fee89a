using System.Text.Json;
using Hypir.Testing;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Noise;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Degradation;

[TestClass]
public sealed class NoiseTests : TensorTest
{
    [TestMethod, TestCategory("Golden")]
    public void Noise_from_recorded_draws_is_the_references()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("degradation", "noise.safetensors"));
        var worst = new Worst("noise");
        var image = golden["in.image"];
        int batch = (int)image.shape[0];
        foreach (var item in golden.Case.GetProperty("cases").EnumerateArray())
        {
            string name = item.GetProperty("name").GetString()!, function = item.GetProperty("function").GetString()!;
            var parameters = item.GetProperty("parameters");
            bool gaussian = function.Contains("gaussian", StringComparison.Ordinal),
                random = function.StartsWith("random", StringComparison.Ordinal);
            double[] amounts = random
                ? Values(golden[$"draw.{name}.amount"])
                : Amounts(golden, parameters.GetProperty(gaussian ? "sigma" : "scale"), batch);
            double[] gray = random ? Values(golden[$"draw.{name}.gray"]) : Amounts(golden, parameters.GetProperty("gray_noise"), batch);
            bool[] flags = [.. gray.Select(value => value > 0)];
            var draws = new RecordedDraws(golden, "draw." + name);
            var noisy = gaussian ? GaussianNoise.Add(image, amounts, flags, draws) : PoissonNoise.Add(image, amounts, flags, draws);
            bool Flag(string key) => parameters.TryGetProperty(key, out var value) && value.GetBoolean();
            // The reference's generate_* functions give the noise alone, its random_* functions the noisy image.
            worst.Compare(golden["out." + name], random ? Levels.Finish(noisy, Flag("clip"), Flag("rounds")) : noisy - image, 1e-5, name);
        }
        worst.AssertSome();
    }

    [TestMethod]
    public void Fields_from_a_seed_have_their_distribution_and_repeat()
    {
        using var scope = NewDisposeScope();
        var image = full(2, 3, 200, 200, 0.5f);
        Tensor Gaussian(long seed)
        {
            using var draws = new SeededDraws(seed, CPU);
            return GaussianNoise.Add(image, [10, 20], [false, true], draws) - image;
        }
        var noise = Gaussian(7) * 255;
        Assert.IsTrue(noise.equal(Gaussian(7) * 255).all().item<bool>());
        Assert.IsFalse(noise.equal(Gaussian(8) * 255).all().item<bool>());
        Assert.AreEqual(10, noise[0].std().item<float>(), 0.1);
        Assert.AreEqual(20, noise[1].std().item<float>(), 0.4);
        Assert.IsTrue(noise[1, 0].equal(noise[1, 2]).all().item<bool>(), "Gray noise differs between channels.");
        Assert.IsFalse(noise[0, 0].equal(noise[0, 2]).all().item<bool>(), "Colored noise is gray.");
    }

    [TestMethod]
    public void Poisson_noise_grows_with_the_light()
    {
        using var scope = NewDisposeScope();
        // 256 levels: white stands for 256 counts, so the deviation at level q is sqrt(q / 256).
        var ramp = (arange(256, dtype: float32) / 255).reshape(1, 1, 1, 256).expand(1, 3, 400, 256).contiguous();
        using var draws = new SeededDraws(1, CPU);
        var noise = PoissonNoise.Add(ramp, [1], [false], draws) - ramp;
        foreach (int level in new[] { 16, 64, 255 })
        {
            double expected = Math.Sqrt(level / 255.0 / 256), actual = noise.select(-1, level).std().item<float>();
            Assert.AreEqual(expected, actual, 0.05 * expected, $"level {level}");
        }
        Assert.AreEqual(0f, noise.select(-1, 0).abs().max().item<float>());
    }

    [TestMethod]
    public void Levels_are_rounded_halves_to_even_and_limited()
    {
        using var scope = NewDisposeScope();
        var image = tensor(new[] { -0.1, 2.5 / 255, 3.5 / 255, 1.1 });
        CollectionAssert.AreEqual(new[] { 0, 2.0 / 255, 4.0 / 255, 1 }, Values(Levels.Finish(image, clip: true, round: true)));
        Assert.AreEqual(-26.0 / 255, Values(Levels.Finish(image, clip: false, round: true))[0]);
    }

    private static double[] Amounts(GoldenCase golden, JsonElement value, int batch) => value.ValueKind == JsonValueKind.String
        ? Values(golden[value.GetString()!])
        : [.. Enumerable.Repeat(value.GetDouble(), batch)];

    private static double[] Values(Tensor tensor) => [.. tensor.to(float64).data<double>()];
}
