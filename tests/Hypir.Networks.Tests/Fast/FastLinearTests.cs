using Hypir.Networks.Fast;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>Linear maps in float32, with and without biases, alone and several as one.</summary>
[TestClass]
public sealed class FastLinearTests : TensorTest
{
    /// <summary>As 1x1 convolutions, the library computes the last outputs of the first rows wrongly with two threads.</summary>
    [TestMethod]
    [DataRow(320, 80, 512)]
    [DataRow(320, 1280, 512)]
    [DataRow(64, 208, 1024)]
    [DataRow(24, 40, 7)]
    [DataRow(8, 8, 1)]
    public void Any_width_with_any_number_of_threads(int inputs, int outputs, int positions)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var weights = new LayerWeights(new Dictionary<string, long[]>
        {
            ["a.bias"] = [outputs],
            ["a.weight"] = [outputs, inputs],
            ["b.bias"] = [outputs],
            ["b.weight"] = [outputs, inputs],
        });
        Tensor x = randn(1, positions, inputs);
        int before = get_num_threads();
        try
        {
            foreach (int threads in new[] { 1, 2, 3 })
            {
                set_num_threads(threads);
                foreach (bool bias in new[] { true, false })
                    foreach (string[] names in new string[][] { ["a"], ["a", "b"] })
                    {
                        var map = new FastLinear(weights.Kept, inputs, outputs, bias, [.. names.Select(name => weights.In(float32)[name])]);
                        Float32Errors.Compare(
                            Plain(float64), Plain(float32), map.Forward(x),
                            $"{threads} threads, {string.Join(" and ", names)}, bias {bias}");

                        Tensor Plain(ScalarType type) => cat([.. names.Select(name =>
                        {
                            Tensor y = x.to(type).matmul(weights.Tensor($"{name}.weight", type).t());
                            return bias ? y + weights.Tensor($"{name}.bias", type) : y;
                        })], -1);
                    }
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
