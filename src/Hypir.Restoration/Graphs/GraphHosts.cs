using Hypir.Onnx.SelfTests;
using Hypir.Onnx.Sessions;
using Hypir.Onnx.Workers;
using Hypir.Planning;
using Hypir.Planning.Machine;

namespace Hypir.Restoration.Graphs;

/// <summary>Opens GPUs of any vendor.</summary>
internal static class GraphHosts
{
    /// <summary>Opens the GPU of a choice, after its self-test if it was never tested.</summary>
    /// <param name="compute">A choice with <see cref="ComputeChoice.Graphs"/>.</param>
    /// <param name="cancellation">Ends the self-test.</param>
    /// <exception cref="GraphException">
    /// The library cannot be loaded or is of another version, or the GPU did not pass its self-test.
    /// </exception>
    public static GraphDevice Open(ComputeChoice compute, CancellationToken cancellation)
    {
        GraphPlace place = compute.Graphs!;
        GraphProvider provider = GraphProvider.Of(compute.Device);
        if (place.Program.Length > 0)
        {
            SelfTestGate.Require(place, compute.Device, null, cancellation);
            return new(new GraphWorkers(place.Program, place.Library, provider));
        }

        OnnxLibrary.Use(place.Library);
        return new(new LocalGraphs(provider));
    }
}
