using Hypir.Networks.Libraries;
using TorchSharp;

namespace Hypir.Testing;

/// <summary>A test class whose tests leave no tensor alive on their thread: each test fails that does.</summary>
/// <remarks>
/// The statistics of dispose scopes are used and not <c>Tensor.TotalCount</c>: that counter never goes down again for a tensor that became
/// a parameter, since the parameter takes over its handle.
/// </remarks>
public abstract class TensorTest
{
    private long _before;
    private int _thread;

    /// <summary>As the programs begin: the same settings of the libraries below torch, and libtorch loaded in the same way.</summary>
    static TensorTest()
    {
        NativeSettings.Apply();
        TorchProbe.Require();
    }

    /// <summary>Tensors alive that this thread made.</summary>
    protected static long LiveTensors => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    /// <summary>Counts the live tensors before a test.</summary>
    [TestInitialize]
    public void CountTensors() => (_before, _thread) = (LiveTensors, Environment.CurrentManagedThreadId);

    /// <summary>Compares with the count after it.</summary>
    [TestCleanup]
    public void NoTensorLeftAlive()
    {
        Assert.AreEqual(
            _thread, Environment.CurrentManagedThreadId, "A test of tensors stays on one thread, since they are counted by thread.");
        Assert.AreEqual(_before, LiveTensors, "Tensors were left alive.");
    }
}
