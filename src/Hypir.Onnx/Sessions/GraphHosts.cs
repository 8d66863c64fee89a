using Hypir.Onnx.Graphs;

namespace Hypir.Onnx.Sessions;

/// <summary>Where graphs are evaluated: within this process, or in another one. It belongs to one thread.</summary>
public interface IGraphHost : IDisposable
{
    /// <summary>How many graphs may be ready at a time.</summary>
    int MostSessions { get; }

    /// <summary>Prepares a graph with its weights.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">The memory of each weight by its name, float32; it is copied.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    /// <exception cref="GraphException">The device lacks an operation or memory, or failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    IGraphSession Open(OnnxGraph graph, IReadOnlyDictionary<string, GraphMemory> weights, CancellationToken cancellation);
}

/// <summary>A graph with its weights on a device, ready to be evaluated again and again. It belongs to one thread.</summary>
public interface IGraphSession : IDisposable
{
    /// <summary>Evaluates the graph.</summary>
    /// <param name="inputs">The memory of each input, in the graph's order: as many elements as its shape has.</param>
    /// <param name="results">The memory that receives each result, float32, in the graph's order.</param>
    /// <param name="cancellation">Ends the evaluation.</param>
    /// <exception cref="ArgumentException">A memory has another size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the results are undefined.</exception>
    /// <exception cref="GraphException">The device failed.</exception>
    void Run(IReadOnlyList<GraphMemory> inputs, IReadOnlyList<GraphMemory> results, CancellationToken cancellation = default);
}

/// <summary>A GPU, its driver or ONNX Runtime failed, or cannot do what a graph asks for.</summary>
/// <inheritdoc/>
public sealed class GraphException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner)
{
    /// <summary>What helps if a GPU fails.</summary>
    public const string Otherwise = "Choose --device cpu, or update the GPU's driver.";
}

/// <summary>Evaluates graphs within this process.</summary>
/// <param name="provider">What computes.</param>
/// <param name="threads">Threads on the CPU; 0 for one on each core.</param>
public sealed class LocalGraphs(GraphProvider provider, int threads = 0) : IGraphHost
{
    /// <summary>
    /// One on a GPU: with several, ONNX Runtime's WebGPU provider gives wrong numbers (1.30.0: errors as large as the numbers).
    /// </summary>
    public int MostSessions => provider.Name is null ? int.MaxValue : 1;

    /// <inheritdoc/>
    public IGraphSession Open(OnnxGraph graph, IReadOnlyDictionary<string, GraphMemory> weights, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(weights);
        cancellation.ThrowIfCancellationRequested();
        var settings = new GraphSessionSettings { Provider = provider, Threads = threads };
        return new GraphSession(GraphModel.Of(graph, weights), settings);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
