using Hypir.Onnx.Graphs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Hypir.Onnx.Sessions;

/// <summary>A graph with its weights on a device, in this process. It belongs to one thread.</summary>
public sealed class GraphSession : IGraphSession
{
    private const string WeightFolder = "session.model_external_initializers_file_folder_path";
    private const string NoFallback = "session.disable_cpu_ep_fallback";
    private readonly GraphModel _model;
    private readonly InferenceSession _session;

    /// <summary>Prepares a graph. It takes a moment: operations are joined, and a GPU's programs compiled.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">Gives each weight's place; memory is copied.</param>
    /// <param name="settings">The device and the folder of weights in files.</param>
    /// <exception cref="GraphException">The provider lacks an operation, a device or memory.</exception>
    public GraphSession(OnnxGraph graph, Func<GraphWeight, WeightPlace> weights, GraphSessionSettings settings)
        : this(GraphModel.Of(graph, weights), settings)
    {
    }

    internal GraphSession(GraphModel model, GraphSessionSettings settings)
    {
        _model = model;
        try
        {
            using SessionOptions options = Options(settings);
            NativeSessionOptions.GiveFiles(options, model.Weights);
            _session = new(model.Bytes, options);
        }
        catch (Exception failure) when (failure is OnnxRuntimeException or InvalidOperationException)
        {
            throw Failed(failure);
        }
    }

    /// <inheritdoc/>
    public void Run(
        IReadOnlyList<GraphMemory> inputs, IReadOnlyList<GraphMemory> results, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(results);
        var values = new List<OrtValue>();
        try
        {
            values.AddRange(_model.Inputs.Zip(inputs, Value));
            values.AddRange(_model.Outputs.Zip(results, Value));
            if (values.Count != _model.Inputs.Count + _model.Outputs.Count)
                throw new ArgumentException("There must be a memory for each input and each result.");
            using var run = new RunOptions();
            using CancellationTokenRegistration stop = cancellation.Register(() => run.Terminate = true);
            cancellation.ThrowIfCancellationRequested();
            _session.Run(
                run, [.. _model.Inputs.Select(input => input.Name)], values[..inputs.Count],
                [.. _model.Outputs.Select(output => output.Name)], values[inputs.Count..]);
        }
        catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (OnnxRuntimeException failure)
        {
            throw Failed(failure);
        }
        finally
        {
            foreach (OrtValue value in values)
                value.Dispose();
        }
    }

    /// <summary>Frees the session and what it holds on the device.</summary>
    public void Dispose() => _session.Dispose();

    private static SessionOptions Options(GraphSessionSettings settings)
    {
        var options = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            IntraOpNumThreads = settings.Threads,
        };
        if (settings.WeightFolder is { } folder)
            options.AddSessionConfigEntry(WeightFolder, folder);
        if (settings.Provider.Name is not { } provider)
            return options;
        if (settings.Provider.IsDirectMl)
        {
            options.EnableMemoryPattern = false;
            options.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
            options.AppendExecutionProvider_DML(settings.Provider.Index);
        }
        else
        {
            // WebGPU chooses the GPU itself, by power preference; no option names one by its index.
            options.AppendExecutionProvider(provider, []);
        }

        // An operation without a kernel is an error, never a silent copy to the CPU.
        if (!settings.MayFallBack)
            options.AddSessionConfigEntry(NoFallback, "1");
        return options;
    }

    private static GraphException Failed(Exception failure) =>
        new(failure.Message.Contains("Failed to get a WebGPU adapter", StringComparison.Ordinal)
            ? "WebGPU finds no GPU here: a driver for Vulkan (Linux) or DirectX 12 (Windows) is missing."
            : $"The GPU cannot compute this: {failure.Message}", GraphException.Otherwise, failure);

    private static OrtValue Value(GraphValue value, GraphMemory memory)
    {
        if (memory.Length != value.Bytes)
            throw new ArgumentException($"{value.Name} has {value.Bytes} bytes, the memory {memory.Length}.", nameof(memory));
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, value.Kind == ElementKind.Int64 ? TensorElementType.Int64 : TensorElementType.Float,
            [.. value.Shape], memory.Address, memory.Length);
    }
}

/// <summary>A piece of memory that a session reads or writes; its owner keeps it until the call returns.</summary>
/// <param name="Address">Where it begins.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct GraphMemory(nint Address, long Length);

/// <summary>How a session computes.</summary>
public sealed record GraphSessionSettings
{
    /// <summary>What computes.</summary>
    public GraphProvider Provider { get; init; } = GraphProvider.Cpu;

    /// <summary>The folder of files with weights, for <see cref="WeightPlace.InFile"/>.</summary>
    public string? WeightFolder { get; init; }

    /// <summary>Threads on the CPU; 0 for one on each core.</summary>
    public int Threads { get; init; }

    /// <summary>Whether a GPU's provider may leave operations to the CPU.</summary>
    public bool MayFallBack { get; init; }
}
