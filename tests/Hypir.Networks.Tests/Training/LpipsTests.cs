using Hypir.Networks.Perceptual;
using Hypir.Networks.Weights;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Training;

[TestClass]
public sealed class LpipsTests : TensorTest
{
    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void A_feature_of_zeros_gives_no_gradient_that_is_not_a_number(ScalarType type)
    {
        using var scope = NewDisposeScope();
        // Biases far below zero: no ReLU lets anything through, all features of all positions are zero.
        using var features = new Vgg16Features(
            new WeightScope(new Filled(type, name => name.EndsWith(".bias", StringComparison.Ordinal) ? -1e3 : 1e-3)));
        using var metric = new Lpips(features, new WeightScope(new Filled(type, _ => 1)));
        Tensor first = rand([1, 3, 32, 32], type).requires_grad_(true);
        foreach (Tensor map in features.Forward(first))
            Assert.AreEqual(0, map.abs().max().to(ScalarType.Float64).item<double>());
        metric.Forward(first, rand([1, 3, 32, 32], type)).sum().backward();
        Assert.IsTrue(first.grad!.isfinite().all().item<bool>());
    }

    [TestMethod]
    public void Zeros_have_no_direction_and_no_gradient()
    {
        using var scope = NewDisposeScope();
        foreach (ScalarType type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            // The first position is zero in all channels, the second is (3, 4).
            Tensor map = tensor(new[] { 0.0, 3.0, 0.0, 4.0 }).reshape(1, 2, 1, 2).to(type).requires_grad_(true);
            Tensor unit = Lpips.Unit(map);
            (unit * tensor(new[] { 1.0, 1.0, -1.0, 2.0 }).reshape(1, 2, 1, 2).to(type)).sum().backward();
            Assert.AreEqual(0.8, unit[0, 1, 0, 1].to(ScalarType.Float64).item<double>(), 1e-6);
            Assert.IsTrue(map.grad!.isfinite().all().item<bool>());
        }
    }

    private sealed class Filled(ScalarType type, Func<string, double> value) : WeightSource
    {
        public override Tensor Get(string name, long[] shape) => full(shape, value(name), type);
    }
}
