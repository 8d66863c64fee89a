using Hypir.Networks;
using TorchSharp;

namespace Hypir.Testing;

/// <summary>A test class whose tests leave no tensor alive: each test fails that does.</summary>
public abstract class TensorTest
{
    private long _before;

    static TensorTest() => NativeHeap.KeepFreedBlocks();

    /// <summary>Counts the live tensors before a test.</summary>
    [TestInitialize]
    public void CountTensors() => _before = torch.Tensor.TotalCount;

    /// <summary>Compares with the count after it.</summary>
    [TestCleanup]
    public void NoTensorLeftAlive() => Assert.AreEqual(_before, torch.Tensor.TotalCount, "Tensors were left alive.");
}
