using Hypir.Networks.Fast;
using Hypir.Onnx.Graphs;
using Hypir.Onnx.Sessions;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Restoration.Graphs;

/// <summary>A GPU of any vendor: it keeps the networks of the last sizes ready.</summary>
/// <param name="host">Where graphs are evaluated; this object owns it.</param>
internal sealed class GraphDevice(IGraphHost host) : IDisposable
{
    private readonly List<(GraphKey Key, OnnxGraph Graph, IGraphSession Session)> _sessions = [];

    /// <summary>Evaluates a network.</summary>
    /// <param name="key">What distinguishes its graph from others.</param>
    /// <param name="write">Writes the graph.</param>
    /// <param name="weights">The network's weights by their names, float32, on the CPU.</param>
    /// <param name="inputs">The inputs by their names; those that the graph lacks are left out.</param>
    /// <param name="cancellation">Ends the evaluation.</param>
    /// <returns>The first result, float32, on the CPU, in the caller's scope.</returns>
    /// <exception cref="GraphException">The device failed, or its result is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Tensor Evaluate(
        GraphKey key, Func<OnnxGraph> write, Func<IReadOnlyDictionary<string, Tensor>> weights, IReadOnlyDictionary<string, Tensor> inputs,
        CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        (_, OnnxGraph graph, IGraphSession session) = Open(key, write, weights, cancellation);
        Tensor[] values = [.. graph.Inputs.Select(input => inputs[input.Name].to(float32).contiguous())];
        Tensor result = empty([.. graph.Outputs[0].Shape], float32);
        try
        {
            session.Run([.. values.Select(Memory)], [Memory(result)], cancellation);
        }
        catch (Exception failure) when (failure is GraphException or OperationCanceledException)
        {
            // What it holds may be lost.
            Remove(_sessions.Count - 1);
            throw;
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Frees the networks that are ready.</summary>
    public void Clear()
    {
        foreach ((_, _, IGraphSession session) in _sessions)
            session.Dispose();
        _sessions.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear();
        host.Dispose();
    }

    private (GraphKey Key, OnnxGraph Graph, IGraphSession Session) Open(
        GraphKey key, Func<OnnxGraph> write, Func<IReadOnlyDictionary<string, Tensor>> weights, CancellationToken cancellation)
    {
        int known = _sessions.FindIndex(session => session.Key == key);
        if (known >= 0)
        {
            var found = _sessions[known];
            _sessions.RemoveAt(known);
            _sessions.Add(found);
            return found;
        }

        // Before the next network is made: both together may exceed the GPU's memory.
        if (_sessions.Count == host.MostSessions)
            Remove(0);

        using var scope = NewDisposeScope();
        OnnxGraph graph = write();
        IReadOnlyDictionary<string, Tensor> all = weights();
        var given = graph.Weights.ToDictionary(weight => weight.Name, weight => all[weight.Name].to(float32).contiguous());
        IGraphSession session = host.Open(graph, given.ToDictionary(weight => weight.Key, weight => Memory(weight.Value)), cancellation);
        _sessions.Add((key, graph, session));
        return _sessions[^1];
    }

    private void Remove(int index)
    {
        _sessions[index].Session.Dispose();
        _sessions.RemoveAt(index);
    }

    private static unsafe GraphMemory Memory(Tensor tensor) =>
        new((nint)TensorMemory.Pointer<byte>(tensor), tensor.numel() * tensor.element_size());
}

/// <summary>What distinguishes the graphs of one model.</summary>
/// <param name="Network">The network.</param>
/// <param name="Size">The size of its input.</param>
/// <param name="Variant">Whether it is the less usual of the network's two forms.</param>
internal readonly record struct GraphKey(string Network, MapSize Size, bool Variant = false);
