using Hypir.Testing;
using Hypir.Training.Degradation;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Degradation;

[TestClass]
public sealed class FilterTests : TensorTest
{
    [TestMethod, TestCategory("Golden")]
    public void Filter2D_is_the_references()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("degradation", "filter2d.safetensors"));
        var worst = new Worst("filter2d");
        foreach (var item in golden.Case.GetProperty("cases").EnumerateArray())
        {
            string name = item.GetProperty("name").GetString()!;
            var image = golden[$"in.{name}.image"];
            var actual = Filter2D.Apply(image, golden[$"in.{name}.kernel"]);
            worst.Compare(golden[$"out.{name}"], actual, image.dtype == float64 ? 1e-12 : 5e-6, name);
        }
        worst.AssertSome();
    }

    [TestMethod]
    [DataRow(1, 1), DataRow(1, 7), DataRow(2, 3), DataRow(10, 4)]
    public void Images_smaller_than_the_reflection_bounce(int height, int width)
    {
        using var scope = NewDisposeScope();
        var image = rand(1, 1, height, width, dtype: float64);
        var kernel = rand(1, 21, 21, dtype: float64);
        var actual = Filter2D.Apply(image, kernel);
        CollectionAssert.AreEqual(image.shape, actual.shape);
        // The same by its definition, pixel by pixel: an index beyond a border comes back from it as often as it must.
        double expected = 0;
        for (int y = 0; y < 21; y++)
            for (int x = 0; x < 21; x++)
                expected += kernel[0, y, x].item<double>() * image[0, 0, Bounce(y - 10, height), Bounce(x - 10, width)].item<double>();
        Assert.AreEqual(expected, actual[0, 0, 0, 0].item<double>(), 1e-12);
    }

    [TestMethod]
    public void Padding_wider_than_the_image_agrees_with_torch_where_torch_can()
    {
        using var scope = NewDisposeScope();
        var image = arange(12, dtype: float32).reshape(1, 1, 3, 4);
        var expected = nn.functional.pad(image, [3, 2, 2, 1], PaddingModes.Reflect);
        Assert.IsTrue(expected.equal(Reflection.Pad(image, 3, 2, 2, 1)).all().item<bool>());
        var wide = Reflection.Pad(image, 9, 2, 2, 1);
        Assert.IsTrue(expected.equal(wide.narrow(-1, 6, 9)).all().item<bool>());
    }

    [TestMethod]
    public void Wrong_kernels_are_refused()
    {
        using var scope = NewDisposeScope();
        var images = zeros(3, 3, 8, 8);
        Assert.ThrowsExactly<ArgumentException>(() => Filter2D.Apply(images, zeros(1, 4, 4)));
        Assert.ThrowsExactly<ArgumentException>(() => Filter2D.Apply(images, zeros(2, 3, 3)));
        Assert.ThrowsExactly<ArgumentException>(() => Filter2D.Apply(images, zeros(3, 5, 3)));
    }

    private static int Bounce(int index, int length)
    {
        while (length > 1 && (index < 0 || index >= length))
            index = index < 0 ? -index : 2 * (length - 1) - index;
        return length == 1 ? 0 : index;
    }
}
