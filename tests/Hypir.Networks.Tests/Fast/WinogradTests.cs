using Hypir.Networks.Fast;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>
/// Transformed convolutions compute what direct ones do, whether threads keep to themselves (few channels) or share products (many).
/// </summary>
[TestClass]
[TestCategory("Slow")]
public sealed class WinogradTests : TensorTest
{
    private const double Exact = 1e-10;

    [TestMethod]
    [DataRow(16, 16)]
    [DataRow(48, 16)]
    [DataRow(16, 96)]
    [DataRow(256, 256)]
    [DataRow(264, 256)]
    [DataRow(8, 8200)]
    [DataRow(136, 200)]
    public void Any_width_and_size_in_float64(long inputs, long outputs)
    {
        using var scope = NewDisposeScope();
        using var kept = new KeptTensors();
        Tensor weight = randn([outputs, inputs, 3, 3], ScalarType.Float64), bias = randn([outputs], ScalarType.Float64);
        var convolution = new Winograd(kept, weight);
        // The last has so many tiles that wide convolutions are left to the library's products.
        (long, long)[] sizes = outputs > 1000
            ? [(1, 1), (4, 4), (5, 14)]
            : [(1, 1), (4, 4), (5, 61), (39, 6), (inputs == 136 ? 70 : 9, 130)];
        foreach ((long height, long width) in sizes)
        {
            Tensor x = randn([2, height, width, inputs], ScalarType.Float64),
                residual = randn([2, height, width, outputs], ScalarType.Float64);
            Tensor plain = Direct(x, weight, bias);
            AssertEqual(plain, convolution.Forward(new(x), bias).Whole());
            AssertEqual(plain + residual, convolution.Forward(new(x), bias, residual: residual).Whole());
            // One row or column less than twice as many: what a network makes of a map of odd size.
            foreach ((long high, long wide) in new[] { (2 * height, 2 * width), (2 * height - 1, 2 * width - 1) })
            {
                Tensor large = nn
                    .functional.interpolate(x.permute(0, 3, 1, 2), size: [2 * height, 2 * width], mode: InterpolationMode.Nearest)[
                        ..,
                        ..,
                        ..(int)high,
                        ..(int)wide
                    ]
                    .permute(0, 2, 3, 1);
                AssertEqual(Direct(large, weight, bias), convolution.Forward(new(x), bias, enlarged: (high, wide)).Whole());
            }
        }
    }

    private static Tensor Direct(Tensor x, Tensor weight, Tensor bias) =>
        nn.functional.conv2d(x.permute(0, 3, 1, 2), weight, bias, padding: [1, 1]).permute(0, 2, 3, 1);

    private static void AssertEqual(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        double error = ((expected - actual).abs().max() / expected.abs().max()).item<double>();
        Assert.IsTrue(error < Exact, $"{string.Join('x', expected.shape)}: {error:g3}");
    }
}
