using Hypir.Testing;
using Hypir.Training.Degradation;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Degradation;

[TestClass]
public sealed class UnsharpMaskTests : TensorTest
{
    [TestMethod, TestCategory("Golden")]
    public void Sharpening_is_the_references()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("degradation", "usm.safetensors"));
        var worst = new Worst("usm");
        int radius = golden.Case.GetProperty("radius").GetInt32();
        double[] window = GaussianWindow.Weights(radius, 0);
        worst.Compare(golden["out.kernel_1d"], tensor(window), 1e-12, "window");
        worst.Compare(
            golden["out.kernel_1d"], tensor(GaussianWindow.Weights(radius, golden.Case.GetProperty("sigma").GetDouble())), 1e-12, "sigma");
        foreach (var item in golden.Case.GetProperty("cases").EnumerateArray())
        {
            string name = item.GetProperty("name").GetString()!;
            var image = golden[$"in.{name}"];
            var settings = new SharpenSettings
            {
                Radius = radius,
                Weight = item.GetProperty("weight").GetDouble(),
                Threshold = item.GetProperty("threshold").GetDouble(),
            };
            worst.Compare(golden[$"out.{name}"], UnsharpMask.Apply(image, settings), 1e-5, name);
        }
        worst.AssertSome();
    }

    [TestMethod]
    [DataRow(64, 64, 51), DataRow(70, 129, 15), DataRow(12, 9, 51), DataRow(1, 3, 51), DataRow(200, 63, 9)]
    public void The_separable_blur_equals_the_dense_filter(int height, int width, int taps)
    {
        using var scope = NewDisposeScope();
        double[] window = GaussianWindow.Weights(taps, 0);
        var row = tensor(window);
        var image = rand(1, 3, height, width, dtype: float64);
        var dense = Filter2D.Apply(image, row.outer(row).unsqueeze(0));
        new Worst("dense").Compare(dense, GaussianWindow.Blur(image, window), 1e-12, "float64");
        new Worst("dense").Compare(dense, GaussianWindow.Blur(image.to(float32), window), 1e-5, "float32");
    }

    [TestMethod]
    public void An_image_below_the_threshold_stays_as_it_is()
    {
        using var scope = NewDisposeScope();
        var image = full(1, 3, 30, 30, 0.5f);
        image[0, 0, 15, 15] = 0.5f + 9f / 255;
        Assert.IsTrue(image.equal(UnsharpMask.Apply(image, new())).all().item<bool>());
        image[0, 0, 15, 15] = 0.5f + 12f / 255;
        Assert.IsFalse(image.equal(UnsharpMask.Apply(image, new())).all().item<bool>());
    }
}
