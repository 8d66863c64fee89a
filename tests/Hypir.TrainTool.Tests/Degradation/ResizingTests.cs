using Hypir.Testing;
using Hypir.Training.Degradation;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Degradation;

[TestClass]
public sealed class ResizingTests : TensorTest
{
    [TestMethod, TestCategory("Golden")]
    public void Sizes_and_factors_mean_what_they_mean_to_the_reference()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("degradation", "resize.safetensors"));
        var worst = new Worst("resize");
        foreach (var item in golden.Case.GetProperty("cases").EnumerateArray())
        {
            string name = item.GetProperty("tensor").GetString()!;
            var image = golden[item.GetProperty("image").GetString()!];
            var mode = Enum.Parse<ResizeMode>(item.GetProperty("mode").GetString()!, ignoreCase: true);
            Tensor actual;
            if (item.TryGetProperty("scale_factor", out var factor))
                actual = Resizing.ByFactor(image, mode, factor.GetDouble());
            else
                actual = Resizing.ToSize(image, mode, item.GetProperty("size")[0].GetInt32(), item.GetProperty("size")[1].GetInt32());
            worst.Compare(golden[name], actual, image.dtype == float64 ? 1e-12 : 5e-6, $"{name} {item}");
        }
        worst.AssertSome();
    }

    [TestMethod]
    [DataRow(ResizeMode.Area), DataRow(ResizeMode.Bilinear), DataRow(ResizeMode.Bicubic)]
    public void An_image_never_shrinks_to_nothing(ResizeMode mode)
    {
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(new long[] { 1, 3, 1, 4 }, Resizing.ByFactor(rand(1, 3, 3, 20), mode, 0.2).shape);
    }
}
