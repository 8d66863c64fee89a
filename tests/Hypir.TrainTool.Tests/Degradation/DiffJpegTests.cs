using System.Text.Json;
using Hypir.Testing;
using Hypir.Training.Degradation.Jpeg;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Degradation;

[TestClass]
public sealed class DiffJpegTests : TensorTest
{
    [TestMethod, TestCategory("Golden")]
    public void Images_come_back_as_the_references()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("degradation", "diffjpeg.safetensors"));
        var worst = new Worst("diffjpeg");
        foreach (var item in golden.Case.GetProperty("cases").EnumerateArray())
        {
            string name = item.GetProperty("name").GetString()!;
            var image = golden[item.GetProperty("image").GetString()!];
            double[] qualities = Qualities(golden, item, name);
            worst.Compare(
                golden[$"out.{name}"], DiffJpeg.Apply(image, qualities, item.GetProperty("differentiable").GetBoolean()), 1e-5, name);
            var factors = golden.Has($"out.{name}.factor")
                ? golden[$"out.{name}.factor"]
                : tensor(new[] { item.GetProperty("factor").GetDouble() });
            worst.Compare(factors, tensor(qualities.Select(DiffJpeg.Factor).ToArray()), 1e-6, name + " factor");
        }
        worst.AssertSome();
    }

    [TestMethod, TestCategory("Golden")]
    public void Coefficients_are_the_references()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("degradation", "diffjpeg.safetensors"));
        var worst = new Worst("diffjpeg coefficients");
        foreach (var item in golden.Case.GetProperty("cases").EnumerateArray())
        {
            string name = item.GetProperty("name").GetString()!;
            if (!golden.Has($"out.{name}.y"))
                continue;
            var image = golden[item.GetProperty("image").GetString()!];
            var padded = nn.functional.pad(image, [0, -image.shape[3] & 15, 0, -image.shape[2] & 15]);
            var actual = DiffJpeg.Compress(padded, Qualities(golden, item, name), item.GetProperty("differentiable").GetBoolean());
            foreach (var (plane, blocks) in new[] { ("y", actual.Y), ("cb", actual.Cb), ("cr", actual.Cr) })
                worst.Compare(golden[$"out.{name}.{plane}"].flatten(2), blocks, 0, $"{name} {plane}");
        }
        worst.AssertSome();
    }

    [TestMethod]
    [DataRow(1, 1), DataRow(15, 17), DataRow(16, 16), DataRow(33, 8)]
    public void Any_size_comes_back_in_its_size(int height, int width)
    {
        using var scope = NewDisposeScope();
        var image = rand(2, 3, height, width);
        var actual = DiffJpeg.Apply(image, [99.0, 30.0]);
        CollectionAssert.AreEqual(image.shape, actual.shape);
        Assert.IsTrue(isfinite(actual).all().item<bool>());
    }

    [TestMethod]
    public void Only_the_differentiable_form_has_a_gradient()
    {
        using var scope = NewDisposeScope();
        var image = rand(1, 3, 16, 16).requires_grad_();
        DiffJpeg.Apply(image, [50.0], differentiable: true).sum().backward();
        Assert.IsTrue(image.grad!.abs().sum().item<float>() > 0);
        using var hard = rand(1, 3, 16, 16).requires_grad_();
        DiffJpeg.Apply(hard, [50.0]).sum().backward();
        Assert.AreEqual(0f, hard.grad!.abs().sum().item<float>());
    }

    private static double[] Qualities(GoldenCase golden, JsonElement item, string name) => golden.Has($"in.{name}.quality")
        ? [.. golden[$"in.{name}.quality"].to(float64).data<double>()]
        : [item.GetProperty("quality").GetDouble()];
}
