using Hypir.Onnx.Graphs;

namespace Hypir.Onnx.Sessions;

/// <summary>What a session is created from.</summary>
/// <param name="Bytes">The ONNX model.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its results.</param>
/// <param name="Weights">Weights that are in memory, by the names that the model has for them; they are copied.</param>
internal sealed record GraphModel(
    byte[] Bytes, IReadOnlyList<GraphValue> Inputs, IReadOnlyList<GraphValue> Outputs,
    IReadOnlyList<(string Name, GraphMemory Memory)> Weights)
{
    /// <summary>Writes a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">Gives each weight's place.</param>
    public static GraphModel Of(OnnxGraph graph, Func<GraphWeight, WeightPlace> weights)
    {
        var given = new List<(string, GraphMemory)>();
        byte[] bytes = OnnxModel.Write(graph, weight =>
        {
            WeightPlace place = weights(weight);
            if (place is WeightPlace.InMemory memory)
                given.Add((weight.Name, new(memory.Address, memory.Length)));
            return place;
        });
        return new(bytes, graph.Inputs, graph.Outputs, given);
    }

    /// <inheritdoc cref="Of(OnnxGraph, Func{GraphWeight, WeightPlace})"/>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">The memory of each weight by its name.</param>
    public static GraphModel Of(OnnxGraph graph, IReadOnlyDictionary<string, GraphMemory> weights) =>
        Of(graph, weight => new WeightPlace.InMemory(weights[weight.Name].Address, weights[weight.Name].Length));
}
