using Hypir.Onnx.Sessions;
using Hypir.Onnx.Workers;
using Hypir.Planning.Machine;

namespace Hypir.Onnx.SelfTests;

/// <summary>
/// Tests a GPU before its first use, and remembers the result for this GPU, driver and version of ONNX Runtime. Where the system does not
/// name its GPUs, a change could not be noticed: then each use begins with the test.
/// </summary>
public static class SelfTestGate
{
    private const string Remedy = "Update the GPU's driver, or choose --device cpu. `hypir gpu test` tests it again.";

    /// <summary>Lets a GPU pass that computes correct numbers.</summary>
    /// <param name="place">The library, and the file that remembers tests.</param>
    /// <param name="device">The device, such as <c>webgpu:0</c>.</param>
    /// <param name="open">Opens what evaluates graphs; null for processes of the program.</param>
    /// <param name="cancellation">Ends the test.</param>
    /// <exception cref="GraphException">The GPU's numbers are wrong, or it cannot compute.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Require(GraphPlace place, string device, Func<GraphProvider, IGraphHost>? open, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (place.Tests.Length == 0 || GraphProvider.Of(device).Name is null)
            return;
        GpuTest test = new GpuTestBook(place.Tests).Find(device, place.Adapter, OnnxLibrary.Version)
            ?? Test(place, device, open, cancellation);
        if (test.Problem is not null)
            throw new GraphException(Describe(test), Remedy);
    }

    /// <summary>Tests a GPU, whatever is remembered of it.</summary>
    /// <inheritdoc cref="Require"/>
    /// <returns>The result, which is remembered.</returns>
    public static GpuTest Test(GraphPlace place, string device, Func<GraphProvider, IGraphHost>? open, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(place);
        open ??= provider => new GraphWorkers(place.Program, place.Library, provider);
        string? problem;
        try
        {
            using IGraphHost gpu = open(GraphProvider.Of(device)), cpu = open(GraphProvider.Cpu);
            problem = GpuSelfTest.Run(gpu, cpu, cancellation);
        }
        catch (GraphException failure)
        {
            problem = $"cannot be used: {failure.Message.TrimEnd('.')}";
        }

        var test = new GpuTest(device, place.Adapter, OnnxLibrary.Version, problem);
        if (place.Adapter.Length > 0 && place.Tests.Length > 0)
            new GpuTestBook(place.Tests).Remember(test);
        return test;
    }

    /// <summary>A sentence about a test.</summary>
    /// <param name="test">The test.</param>
    public static string Describe(GpuTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return $"{test.Device}{(test.Adapter.Length > 0 ? $" ({test.Adapter})" : "")} {test.Problem ?? "computes correct numbers"}.";
    }
}
