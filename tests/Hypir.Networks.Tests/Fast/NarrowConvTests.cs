using Hypir.Networks.Fast;
using Hypir.Planning.Cost;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>Convolutions that read and write some channels of maps in place, against the library's in float64.</summary>
[TestClass]
public sealed class NarrowConvTests : TensorTest
{
    /// <summary>Rounding in float64.</summary>
    private const double Exact = 1e-12;

    [TestMethod]
    [DataRow(16, 16, 0, false, false)]
    [DataRow(48, 32, 0, true, false)]
    [DataRow(40, 20, 64, false, false)]
    [DataRow(64, 16, 64, true, true)]
    [DataRow(3, 64, 0, false, true)]
    public void Channels_of_maps(int inputs, int outputs, int first, bool adds, bool doubled)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var kept = new KeptTensors();
        using var generator = new Generator(6);
        (int height, int width, int times) = (9, 14, doubled ? 2 : 1);
        Tensor weight = Normal(outputs, inputs, 3, 3), bias = Normal(outputs), slopes = Normal(outputs);
        // Other numbers are in channels that no one may read or write.
        Tensor source = Normal(2, height, width, 80), target = Normal(2, times * height, times * width, 112);
        Tensor before = target.clone(), image = source.narrow(3, 0, inputs).permute(0, 3, 1, 2);
        long padded = NarrowSizes.Padded(inputs);
        source.narrow(3, inputs, padded - inputs).zero_();
        if (doubled)
            image = nn.functional.interpolate(image, scale_factor: [2, 2]);
        Tensor sum = nn.functional.conv2d(image, weight, bias, padding: [1, 1]).permute(0, 2, 3, 1);
        if (adds)
            sum = sum.Plus(before.narrow(3, 0, outputs));
        Tensor expected = where(sum.IsAbove(0.0), sum, sum * slopes);
        new NarrowConv(kept, weight, bias, slopes).Forward(source, target, first, adds ? target : null, doubled);
        Numbers.AssertClose(expected, target.narrow(3, first, outputs), Exact, "result");
        long end = first + NarrowSizes.Padded(outputs);
        Assert.IsTrue(target.narrow(3, 0, first).equal(before.narrow(3, 0, first)).all().item<bool>(), "channels before");
        Assert.IsTrue(target.narrow(3, end, 112 - end).equal(before.narrow(3, end, 112 - end)).all().item<bool>(), "channels after");

        Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
    }
}
