using Hypir.Networks.Fast;
using Hypir.Onnx.Graphs;
using Hypir.Onnx.Sessions;
using static TorchSharp.torch;

namespace Hypir.Onnx.Tests;

/// <summary>Evaluates graphs by ONNX Runtime with a network's weights, which stay in torch's memory.</summary>
internal static class GraphRun
{
    /// <summary>Evaluates a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">The network's tensors by their names, float32 and contiguous.</param>
    /// <param name="settings">How to compute.</param>
    /// <param name="inputs">The inputs by their names, int64 or float32; those that the graph lacks are left out.</param>
    /// <returns>The first result, owned by the caller.</returns>
    public static Tensor Of(
        OnnxGraph graph, IReadOnlyDictionary<string, Tensor> weights, GraphSessionSettings settings,
        params (string Name, Tensor Value)[] inputs) =>
        Of(graph, weight =>
        {
            GraphMemory memory = Memory(weights[weight.Name]);
            return new WeightPlace.InMemory(memory.Address, memory.Length);
        },
        settings, inputs);

    /// <summary>Evaluates a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">Gives each weight's place.</param>
    /// <param name="settings">How to compute.</param>
    /// <param name="inputs">The inputs by their names.</param>
    /// <returns>The first result, owned by the caller.</returns>
    public static Tensor Of(
        OnnxGraph graph, Func<GraphWeight, WeightPlace> weights, GraphSessionSettings settings, params (string Name, Tensor Value)[] inputs)
    {
        using var session = new GraphSession(graph, weights, settings);
        using var scope = NewDisposeScope();
        Tensor[] values = [.. graph.Inputs.Select(input => inputs.Single(known => known.Name == input.Name).Value.contiguous())];
        Tensor result = empty([.. graph.Outputs[0].Shape], float32);
        session.Run([.. values.Select(Memory)], [Memory(result)]);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The memory of a contiguous tensor on the CPU.</summary>
    public static unsafe GraphMemory Memory(Tensor tensor)
    {
        Assert.IsTrue(tensor.is_contiguous());
        return new((nint)TensorMemory.Pointer<byte>(tensor), tensor.numel() * tensor.element_size());
    }
}
