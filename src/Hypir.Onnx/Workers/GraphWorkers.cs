using System.Diagnostics;
using System.Text;
using Hypir.Onnx.Graphs;
using Hypir.Onnx.Sessions;

namespace Hypir.Onnx.Workers;

/// <summary>
/// Evaluates graphs in other processes of the program, one for each graph: a driver that fails ends only its process, and the WebGPU
/// provider computes wrong numbers where several graphs are ready in one process (seen with ONNX Runtime 1.30.0).
/// </summary>
/// <param name="program">The program's full path.</param>
/// <param name="library">The full path of ONNX Runtime's library.</param>
/// <param name="provider">What computes.</param>
/// <param name="threads">Threads on the CPU; 0 for one on each core.</param>
/// <param name="clock">Measures how long a worker takes to end an evaluation; the system's if left out.</param>
public sealed class GraphWorkers(string program, string library, GraphProvider provider, int threads = 0, TimeProvider? clock = null)
    : IGraphHost
{
    /// <summary>The three networks of a diffusion model, or one for the tiles in the middle of an image and two for its edges.</summary>
    public int MostSessions => 3;

    /// <inheritdoc/>
    public IGraphSession Open(OnnxGraph graph, IReadOnlyDictionary<string, GraphMemory> weights, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(provider);
        GraphModel model = GraphModel.Of(graph, weights);
        var order = new WorkerOrder(
            library, provider.Name, provider.Index, threads, model.Bytes.Length, model.Inputs, model.Outputs,
            [.. model.Weights.Select(weight => new WorkerWeight(weight.Name, weight.Memory.Length))]);
        return GraphWorker.Start(program, order, model, clock ?? TimeProvider.System, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

/// <summary>A graph in another process.</summary>
internal sealed class GraphWorker : IGraphSession
{
    /// <summary>How long a worker may take to end an evaluation before it is ended itself: cancelling takes two seconds at most.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int LastLines = 5;
    private readonly Process _process;
    private readonly WorkerOrder _order;
    private readonly TimeProvider _clock;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Lock _writing = new();
    private readonly Queue<string> _said = new();

    private GraphWorker(Process process, WorkerOrder order, TimeProvider clock)
    {
        (_process, _order, _clock) = (process, order, clock);
        (_input, _output) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>Starts a process and prepares a graph in it.</summary>
    /// <exception cref="GraphException">It did not start, or the device cannot do what the graph asks for.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static GraphWorker Start(
        string program, WorkerOrder order, GraphModel model, TimeProvider clock, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(program, GraphWorkerProgram.Command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        GraphWorker worker;
        try
        {
            worker = new(Process.Start(start)!, order, clock);
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new GraphException($"{program} does not start: {failure.Message}", GraphException.Otherwise, failure);
        }

        try
        {
            // Preparing cannot be ended from within.
            using CancellationTokenRegistration stop = cancellation.Register(worker.End);
            worker.Ask(() =>
            {
                WorkerMessages.Write(worker._input, order);
                worker._input.Write(model.Bytes);
                foreach ((_, GraphMemory memory) in model.Weights)
                    WorkerMessages.Write(worker._input, memory);
            }, [], cancellation);
            return worker;
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Run(IReadOnlyList<GraphMemory> inputs, IReadOnlyList<GraphMemory> results, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(results);
        if (!inputs.Select(one => one.Length).SequenceEqual(_order.Inputs.Select(input => input.Bytes))
            || !results.Select(one => one.Length).SequenceEqual(_order.Outputs.Select(output => output.Bytes)))
            throw new ArgumentException("There must be a memory of its size for each input and each result.");
        cancellation.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _clock);
        using CancellationTokenRegistration end = late.Token.Register(End);
        using CancellationTokenRegistration stop = cancellation.Register(() =>
        {
            // First: a worker that does not even read its input keeps the message from being written.
            late.CancelAfter(Patience);
            Send(WorkerMessages.Cancel, []);
        });
        Ask(() => Send(WorkerMessages.Evaluate, inputs), results, cancellation);
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        End();
        _process.Dispose();
    }

    /// <summary>Sends something and waits for the answer.</summary>
    private void Ask(Action send, IReadOnlyList<GraphMemory> results, CancellationToken cancellation)
    {
        try
        {
            send();
            if (BitConverter.ToInt32(WorkerMessages.ReadBytes(_output, sizeof(int))) != WorkerMessages.Mark)
                throw new IOException("its answer is not understood");
            switch (_output.ReadByte())
            {
                case WorkerMessages.Done:
                    foreach (GraphMemory result in results)
                        WorkerMessages.Read(_output, result);
                    return;
                case WorkerMessages.Cancelled:
                    throw new OperationCanceledException(cancellation);
                default:
                    throw new GraphException(Encoding.UTF8.GetString(WorkerMessages.ReadSized(_output)), GraphException.Otherwise);
            }
        }
        catch (IOException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new GraphException($"The process that computes on the GPU has ended{Reason()}.", GraphException.Otherwise, failure);
        }
    }

    private void Send(byte kind, IReadOnlyList<GraphMemory> memories)
    {
        try
        {
            lock (_writing)
            {
                _input.WriteByte(kind);
                foreach (GraphMemory memory in memories)
                    WorkerMessages.Write(_input, memory);
                _input.Flush();
            }
        }
        catch (IOException)
        {
            // It has ended, as reading its answer will show.
        }
    }

    private void End()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended already.
        }
    }

    /// <summary>What it printed last.</summary>
    private string Reason()
    {
        lock (_said)
            return _said.Count == 0 ? "" : $": {string.Join(' ', _said)}";
    }

    private void Hear(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_said)
        {
            _said.Enqueue(line.Trim());
            if (_said.Count > LastLines)
                _said.Dequeue();
        }
    }
}
