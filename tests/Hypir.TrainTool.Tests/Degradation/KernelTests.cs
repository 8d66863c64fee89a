using System.Text.Json;
using Hypir.Testing;
using Hypir.Training.Degradation.Kernels;
using TorchSharp;

namespace Hypir.TrainTool.Tests.Degradation;

[TestClass]
public sealed class KernelTests : TensorTest
{
    [TestMethod, TestCategory("Golden")]
    public void Every_family_has_the_references_weights()
    {
        using var scope = torch.NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("degradation", "kernels.safetensors"));
        var worst = new Worst("kernels");
        foreach (var item in golden.Case.GetProperty("cases").EnumerateArray())
        {
            string name = item.GetProperty("tensor").GetString()!;
            int size = item.GetProperty("size").GetInt32();
            var expected = golden[name];
            double[,] weights = item.GetProperty("family").GetString() == "sinc"
                ? BlurKernels.Sinc(size, item.GetProperty("cutoff").GetDouble())
                : Family(item, size);
            int margin = ((int)expected.shape[0] - size) / 2;
            worst.Compare(expected, torch.nn.functional.pad(torch.tensor(weights), [margin, margin, margin, margin]), 1e-12, name);
        }
        worst.AssertSome();
    }

    [TestMethod, TestCategory("Golden")]
    public void Drawn_kernels_are_padded_and_cast_as_the_dataset_does()
    {
        using var scope = torch.NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("degradation", "dataset.safetensors"));
        var worst = new Worst("dataset");
        int side = golden.Case.GetProperty("padded_to").GetInt32();
        int number = 0;
        foreach (var item in golden.Case.GetProperty("cases").EnumerateArray())
        {
            foreach (var kernel in item.EnumerateObject())
            {
                using var stack = KernelBatch.Build([Spec(kernel.Value)], side);
                worst.Compare(golden[$"out.{number:00}.{kernel.Name}"].unsqueeze(0), stack, 1e-6, $"{number} {kernel.Name}");
            }
            number++;
        }
        worst.AssertSome();
    }

    [TestMethod]
    public void Smaller_kernels_lie_in_the_middle_of_the_largest()
    {
        using var scope = torch.NewDisposeScope();
        var stack = KernelBatch.Build([KernelSpec.Pulse, new() { Kind = KernelKind.Iso, Size = 7, SigmaX = 1 }]);
        CollectionAssert.AreEqual(new long[] { 2, 7, 7 }, stack.shape);
        Assert.AreEqual(1f, stack[0, 3, 3].item<float>());
        Assert.AreEqual(1f, stack[0].sum().item<float>());
        Assert.ThrowsExactly<ArgumentException>(() => KernelBatch.Build([new() { Kind = KernelKind.Iso, Size = 9, SigmaX = 1 }], 7));
    }

    [TestMethod]
    [DataRow(8), DataRow(0)]
    public void An_even_side_is_refused(int size) => Assert.ThrowsExactly<ArgumentException>(() => BlurKernels.Pulse(size));

    [TestMethod]
    public void A_missing_parameter_is_named()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() =>
            BlurKernels.Weights(
                new()
                {
                    Kind = KernelKind.PlateauIso,
                    Size = 7,
                    SigmaX = 1,
                }
            )
        );
        StringAssert.Contains(error.Message, "beta");
    }

    private static double[,] Family(JsonElement item, int size)
    {
        double sigmaX = item.GetProperty("sigma_x").GetDouble();
        var shape = item.GetProperty("isotropic").GetBoolean()
            ? Ellipse.Circle(sigmaX)
            : new Ellipse(sigmaX, item.GetProperty("sigma_y").GetDouble(), item.GetProperty("theta").GetDouble());
        return item.GetProperty("family").GetString() switch
        {
            "gaussian" => BlurKernels.Gaussian(size, shape),
            "generalized" => BlurKernels.Generalized(size, shape, item.GetProperty("beta").GetDouble()),
            "plateau" => BlurKernels.Plateau(size, shape, item.GetProperty("beta").GetDouble()),
            var other => throw new AssertFailedException($"What is a {other} kernel?"),
        };
    }

    private static KernelSpec Spec(JsonElement item)
    {
        double? Value(string name) =>
            item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
        string kind = item.GetProperty("kind").GetString()!.Replace("_", "", StringComparison.Ordinal);
        return new()
        {
            Kind = Enum.Parse<KernelKind>(kind, ignoreCase: true),
            Size = (int)(Value("size") ?? 1),
            SigmaX = Value("sigma_x"),
            SigmaY = Value("sigma_y"),
            Theta = Value("theta"),
            Beta = Value("beta"),
            Cutoff = Value("cutoff"),
        };
    }
}
