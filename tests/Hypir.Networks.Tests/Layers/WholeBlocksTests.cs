using System.Runtime.InteropServices;
using Hypir.Networks.Layers;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Layers;

/// <summary>Convolutions while every free block of memory holds NaN, at sizes where libtorch's own became NaN.</summary>
[TestClass]
public sealed unsafe class WholeBlocksTests : TensorTest
{
    [TestMethod]
    [DataRow(12, 64, 64, 3, 1)]
    [DataRow(22, 12, 32, 3, 1)]
    [DataRow(45, 12, 32, 3, 1)]
    [DataRow(60, 3, 64, 3, 1)]
    [DataRow(62, 64, 32, 3, 1)]
    [DataRow(70, 64, 32, 5, 1)]
    [DataRow(57, 3, 64, 2, 2)]
    public void A_result_does_not_depend_on_free_memory(long inputs, long outputs, long side, long kernel, long stride)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        Tensor x = rand(1, inputs, side, side), weight = rand(outputs, inputs, kernel, kernel), bias = rand(outputs);
        Tensor expected = WholeBlocks.Convolve(
            x.to(ScalarType.Float64), weight.to(ScalarType.Float64), bias.to(ScalarType.Float64), stride, kernel / 2);
        for (int i = 0; i < 3; i++)
        {
            FillFreeMemoryWithNaN();
            AssertClose(expected, WholeBlocks.Convolve(x, weight, bias, stride, kernel / 2));
        }
    }

    [TestMethod]
    [DataRow(32, 3, 16)]
    [DataRow(64, 3, 32)]
    [DataRow(16, 5, 32)]
    [DataRow(16, 20, 64)]
    [DataRow(22, 12, 32)]
    public void Gradients_do_not_depend_on_free_memory(long inputs, long outputs, long side)
    {
        using var scope = NewDisposeScope();
        Tensor x = rand(2, inputs, side, side), weight = rand(outputs, inputs, 3, 3), bias = rand(outputs);
        (Tensor ofInput, Tensor ofWeight, Tensor ofBias) = Gradients(ScalarType.Float64);
        for (int i = 0; i < 3; i++)
        {
            FillFreeMemoryWithNaN();
            (Tensor input, Tensor kernel, Tensor constant) = Gradients(ScalarType.Float32);
            AssertClose(ofInput, input);
            AssertClose(ofWeight, kernel);
            AssertClose(ofBias, constant);
        }

        (Tensor, Tensor, Tensor) Gradients(ScalarType type)
        {
            using var inner = NewDisposeScope();
            Tensor a = Leaf(x), b = Leaf(weight), c = Leaf(bias);
            Tensor y = WholeBlocks.Convolve(a, b, c, padding: 1);
            (y * y).sum().backward();
            return (a.grad!.MoveToOuterDisposeScope(), b.grad!.MoveToOuterDisposeScope(), c.grad!.MoveToOuterDisposeScope());

            Tensor Leaf(Tensor values) => values.clone().to(type).requires_grad_();
        }
    }

    private static void AssertClose(Tensor expected, Tensor result)
    {
        using var scope = NewDisposeScope();
        double worst = (result.to(ScalarType.Float64) - expected).abs().max().item<double>();
        Assert.IsLessThan(1e-5 * expected.abs().max().item<double>(), worst);
    }

    private static void FillFreeMemoryWithNaN()
    {
        const int Bytes = 1 << 20;
        nint[] blocks = [.. Enumerable.Range(0, 40).Select(_ => (nint)NativeMemory.Alloc(Bytes))];
        foreach (nint block in blocks)
            new Span<byte>((void*)block, Bytes).Fill(0xff);
        foreach (nint block in blocks)
            NativeMemory.Free((void*)block);
    }
}
