using Hypir.Testing;
using Hypir.Training.Evaluation;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Evaluation;

[TestClass]
public sealed class MetricsTests : TensorTest
{
    [TestMethod]
    public void Figures_are_those_of_scikit_image()
    {
        using var golden = new GoldenCase(
            Path.Combine(Repository.Root, "tests", "Hypir.TrainTool.Tests", "Fixtures", "quality.safetensors"));
        using var scope = NewDisposeScope();
        int i = 0;
        foreach (var expected in golden.Case.EnumerateArray())
        {
            Tensor clean = golden[$"clean.{i}"].to(float64) / 255, damaged = golden[$"damaged.{i}"].to(float64) / 255;
            Assert.AreEqual(expected.GetProperty("psnr").GetDouble(), Metrics.Psnr(damaged, clean), 1e-9);
            Assert.AreEqual(expected.GetProperty("ssim").GetDouble(), Metrics.Ssim(damaged, clean), 1e-9);
            // Its matrix from sRGB has one digit less.
            Assert.AreEqual(expected.GetProperty("colour_shift").GetDouble(), Metrics.ColorShift(damaged, clean), 1e-3);
            i++;
        }
        Assert.AreNotEqual(0, i);
    }

    [TestMethod]
    public void Equal_images_are_equal_in_every_figure()
    {
        using var scope = NewDisposeScope();
        var image = rand(3, 20, 30);
        Assert.AreEqual(100, Metrics.Psnr(image, image));
        Assert.AreEqual(1, Metrics.Ssim(image, image), 1e-12);
        Assert.AreEqual(0, Metrics.ColorShift(image, image));
    }

    [TestMethod]
    [DataRow(1, 1), DataRow(5, 40)]
    public void Images_smaller_than_the_window_have_figures_too(int height, int width)
    {
        using var scope = NewDisposeScope();
        var image = rand(3, height, width);
        double similarity = Metrics.Ssim(image, 1 - image);
        Assert.IsTrue(double.IsFinite(similarity) && similarity < 1);
    }
}
