using Hypir.Networks.Fast.Training;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>Our own convolutions of training, against libtorch's and its gradients.</summary>
[TestClass]
public sealed class FastGradientsTests : TensorTest
{
    /// <summary>Rounding in float64 of sums over some hundred pixels and channels.</summary>
    private const double Exact = 1e-11;

    [TestMethod]
    [DataRow(3, 32, 2, 9, 14, true)]
    [DataRow(32, 4, 1, 5, 3, false)]
    [DataRow(16, 16, 3, 1, 1, true)]
    [DataRow(32, 64, 2, 8, 12, false)]
    [DataRow(96, 96, 1, 6, 7, true)]
    [DataRow(160, 32, 5, 4, 2, false)]
    [DataRow(20, 160, 1, 13, 5, true)]
    public void Convolutions(int inputs, int outputs, int images, int height, int width, bool biased) => Compare(
        (images, inputs, height, width),
        biased ? [[outputs, inputs, 3, 3], [outputs]] : [[outputs, inputs, 3, 3]],
        (x, w) => nn.functional.conv2d(x, w[0], w.ElementAtOrDefault(1), padding: [1, 1]),
        (x, w) => FastGradients.Convolution(x, w[0], w.ElementAtOrDefault(1)));

    [TestMethod]
    [DataRow(16, 2, 9, 14, true)]
    [DataRow(32, 1, 5, 3, false)]
    [DataRow(64, 3, 8, 8, true)]
    [DataRow(96, 1, 6, 7, false)]
    [DataRow(160, 2, 4, 5, true)]
    public void Residual_blocks(int channels, int images, int height, int width, bool biased)
    {
        long[] kernels = [channels, channels, 3, 3], bias = [channels];
        Compare(
            (images, channels, height, width), biased ? [kernels, kernels, bias, bias] : [kernels, kernels],
            (x, w) => x + Plain(nn.functional.relu(Plain(x, w, 0)), w, 1),
            (x, w) => FastGradients.Residual(x, (w[0], w.ElementAtOrDefault(2)), (w[1], w.ElementAtOrDefault(3))));

        static Tensor Plain(Tensor x, Tensor[] w, int which) =>
            nn.functional.conv2d(x, w[which], w.ElementAtOrDefault(2 + which), padding: [1, 1]);
    }

    /// <summary>The first convolution of a network has an input without a gradient.</summary>
    [TestMethod]
    public void An_input_without_a_gradient()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(1, 16, 6, 6), weight = randn([16, 16, 3, 3], requires_grad: true);
        FastGradients.Convolution(x, weight, null).sum().backward();
        Assert.IsNull(x.grad);
        Assert.IsNotNull(weight.grad);
    }

    [TestMethod]
    public void The_same_bytes_with_any_number_of_threads()
    {
        int before = get_num_threads();
        using var scope = NewDisposeScope();
        try
        {
            Tensor[]? first = null;
            foreach (int threads in new[] { 1, 2, 3, 3 })
            {
                set_num_threads(threads);
                Tensor[] gradients = Gradients(
                    ScalarType.Float32, (4, 32, 18, 21), [[32, 32, 3, 3], [32, 32, 3, 3]],
                    (x, w) => FastGradients.Residual(x, (w[0], null), (w[1], null)));
                first ??= gradients;
                for (int i = 0; i < first.Length; i++)
                    Assert.IsTrue(first[i].equal(gradients[i]).all().item<bool>(), $"gradient {i} with {threads} threads");
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static void Compare(
        (int Images, int Channels, int Height, int Width) map, long[][] weights, Func<Tensor, Tensor[], Tensor> plain,
        Func<Tensor, Tensor[], Tensor> fast)
    {
        using var scope = NewDisposeScope();
        Tensor[] exact = Gradients(ScalarType.Float64, map, weights, plain), wide = Gradients(ScalarType.Float64, map, weights, fast),
            rounded = Gradients(ScalarType.Float32, map, weights, plain), narrow = Gradients(ScalarType.Float32, map, weights, fast);
        for (int i = 0; i < exact.Length; i++)
        {
            string what = i switch { 0 => "result", 1 => "input's gradient", _ => $"gradient of weight {i - 2}" };
            Numbers.AssertClose(exact[i], wide[i], Exact, what);
            Float32Errors.Compare(exact[i], rounded[i], narrow[i], what);
        }
    }

    /// <summary>The result, and the gradients of map and weights.</summary>
    private static Tensor[] Gradients(
        ScalarType type, (int Images, int Channels, int Height, int Width) map, long[][] weights, Func<Tensor, Tensor[], Tensor> function)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        Tensor x = Leaf(1, map.Images, map.Channels, map.Height, map.Width);
        Tensor[] w = [.. weights.Select(shape => Leaf(shape.Length == 1 ? 1 : Math.Sqrt(shape[1] * shape[2] * shape[3]), shape))];
        Tensor y = function(x, w), slope = randn(y.shape, ScalarType.Float64, generator: generator).to(type);
        autograd.backward([y], [slope]);
        Tensor[] all = [y.detach(), x.grad!, .. w.Select(weight => weight.grad!)];
        return [.. all.Select(tensor => tensor.MoveToOuterDisposeScope()!)];

        // The same numbers in both types, those of float32.
        Tensor Leaf(double divisor, params long[] shape) =>
            randn(shape, ScalarType.Float64, generator: generator).div(divisor).to(ScalarType.Float32).to(type).requires_grad_(true);
    }
}
