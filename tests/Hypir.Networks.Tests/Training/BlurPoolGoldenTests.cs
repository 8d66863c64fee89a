using System.Text.Json;
using Hypir.Networks.Discriminator;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Training;

[TestClass]
[TestCategory("Golden")]
public sealed class BlurPoolGoldenTests : TensorTest
{
    [TestMethod]
    public void Filters_results_and_gradients_equal_the_reference()
    {
        using GoldenCase golden = TrainingCase.Open("blurpool");
        int cases = 0;
        foreach (JsonProperty entry in golden.Case.GetProperty("cases").EnumerateObject())
        {
            using var scope = NewDisposeScope();
            string name = entry.Name;
            Tensor x = golden[$"in.{name}"].clone().requires_grad_(true);
            long padding = entry.Value.TryGetProperty("pad_off", out JsonElement value) ? value.GetInt64() : 0;
            using var blur = new BlurPool(TrainingCase.Weights(golden, $"absent.{name}.")["blur"], x.shape[1], padding);
            TrainingCase.Close(golden, $"param.{name}.filt", blur.get_buffer("filt")!);
            Tensor y = blur.call(x);
            TrainingCase.Close(golden, $"out.{name}", y);
            (y * golden[$"in.{name}.weights"]).sum().backward();
            TrainingCase.Close(golden, $"grad.{name}", x.grad!);
            cases++;
        }

        Assert.AreNotEqual(0, cases);
    }
}
