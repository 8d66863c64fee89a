using System.Text.Json;
using Hypir.Networks.Perceptual;
using Hypir.Networks.Weights;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Training;

[TestClass]
[TestCategory("Golden")]
public sealed class LpipsGoldenTests : TensorTest
{
    [TestMethod]
    public void Distances_and_gradients_equal_the_reference()
    {
        using GoldenCase golden = TrainingCase.Open("lpips");
        using var scope = NewDisposeScope();
        using SeededVgg seeded = SeededVgg.From(golden);
        foreach (JsonProperty tensor in golden.Case.GetProperty("vgg").EnumerateObject())
            seeded.Check(tensor.Name, tensor.Value);
        using Vgg16Features features = seeded.Build(ScalarType.Float64);
        using var metric = new Lpips(features, Linear(golden, ScalarType.Float64));
        Tensor first = golden["in.first"].clone().requires_grad_(true), second = golden["in.second"];
        IReadOnlyList<Tensor> layers = metric.Layers(first, second);
        for (int i = 0; i < layers.Count; i++)
            TrainingCase.Close(golden, $"out.layer.{i}", layers[i]);
        Tensor total = metric.Forward(first, second);
        TrainingCase.Close(golden, "out.total", total);
        total.mean().backward();
        TrainingCase.Close(golden, "grad.first", first.grad!);
    }

    [TestMethod]
    public void Float32_equals_the_reference_within_its_rounding()
    {
        using GoldenCase golden = TrainingCase.Open("lpips");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using SeededVgg seeded = SeededVgg.From(golden);
        using Vgg16Features features = seeded.Build(ScalarType.Float32);
        using var metric = new Lpips(features, Linear(golden, ScalarType.Float32));
        TrainingCase.Close(golden, "out.total.float32", metric.Forward(golden["in.first"].@float(), golden["in.second"].@float()), 1e-5);
    }

    /// <summary>The case's linear layers; their channels' weights are the metric's own.</summary>
    private static WeightScope Linear(GoldenCase golden, ScalarType type) =>
        new(
            new CastWeights(
                new GoldenWeights(golden, "param.", name => name.Replace(".model.1.weight", "", StringComparison.Ordinal)), type, CPU)
        );
}
