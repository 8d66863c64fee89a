using Hypir.Networks.Fast.Training;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>What our own convolutions of training keep from step to step: nothing.</summary>
[TestClass]
public sealed class FastGradientsMemoryTests : TensorTest
{
    /// <summary>A leak of one map a step would be 59 MB.</summary>
    [TestMethod]
    public void Two_hundred_steps_keep_no_memory()
    {
        const long most = 40L << 20;
        using var scope = NewDisposeScope();
        Tensor x = randn(2, 16, 48, 48), a = randn([16, 16, 3, 3], requires_grad: true), b = randn([16, 16, 3, 3], requires_grad: true);
        (long resident, long alive) = (0, 0);
        for (int step = 0; step < 200; step++)
        {
            if (step == 20)
                (resident, alive) = (Environment.WorkingSet, LiveTensors);
            using var own = NewDisposeScope();
            Tensor y = FastGradients.Residual(FastGradients.Convolution(x, a, null), (a, null), (b, null));
            y.sum().backward();
            (a.grad, b.grad) = (null, null);
        }

        Assert.AreEqual(alive, LiveTensors, "tensors");
        Assert.IsLessThan(most, Environment.WorkingSet - resident, "bytes");
    }
}
