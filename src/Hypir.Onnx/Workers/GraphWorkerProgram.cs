using System.Runtime.InteropServices;
using System.Text;
using Hypir.Onnx.Sessions;

namespace Hypir.Onnx.Workers;

/// <summary>
/// The other process: it evaluates one graph until the engine closes its standard input. A driver that fails ends this process and not the
/// engine, and each network has a GPU context of its own.
/// </summary>
public sealed unsafe class GraphWorkerProgram : IDisposable
{
    /// <summary>The program's only argument.</summary>
    public const string Command = "graph-worker";

    private readonly Stream _input;
    private readonly Stream _output;
    private readonly List<nint> _memory = [];

    private GraphWorkerProgram(Stream input, Stream output) => (_input, _output) = (input, output);

    /// <summary>Runs until the engine is gone.</summary>
    /// <returns>The exit code.</returns>
    public static int Run()
    {
        using Stream input = Console.OpenStandardInput(), output = Console.OpenStandardOutput();
        // What libraries print must not come between the answers.
        Console.SetOut(Console.Error);
        using var program = new GraphWorkerProgram(input, output);
        try
        {
            program.Serve();
        }
        catch (IOException)
        {
            // The engine has ended.
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint memory in _memory)
            NativeMemory.Free((void*)memory);
    }

    private void Serve()
    {
        WorkerOrder order = WorkerMessages.ReadOrder(_input);
        byte[] model = WorkerMessages.ReadBytes(_input, order.ModelBytes);
        var weights = order.Weights.Select(weight => (weight.Name, Filled(weight.Bytes))).ToList();
        GraphSession session;
        try
        {
            OnnxLibrary.Use(order.Library);
            session = new(new(model, order.Inputs, order.Outputs, weights), new()
            {
                Provider = new(order.Provider, order.Index),
                Threads = order.Threads,
            });
        }
        catch (Exception failure) when (failure is HypirException or TypeInitializationException or DllNotFoundException)
        {
            Answer(
                WorkerMessages.Failed,
                failure is TypeInitializationException { InnerException: { } inner } ? inner.Message : failure.Message);
            return;
        }

        // The session has copied them.
        Dispose();
        _memory.Clear();
        Answer(WorkerMessages.Done);
        using (session)
            Serve(session, order);
    }

    private void Serve(GraphSession session, WorkerOrder order)
    {
        GraphMemory[] inputs = [.. order.Inputs.Select(input => Allocated(input.Bytes))];
        GraphMemory[] outputs = [.. order.Outputs.Select(output => Allocated(output.Bytes))];
        CancellationTokenSource? running = null;
        while (_input.ReadByte() is var kind && kind >= 0)
        {
            if (kind == WorkerMessages.Cancel)
            {
                running?.Cancel();
                continue;
            }

            foreach (GraphMemory input in inputs)
                WorkerMessages.Read(_input, input);
            var cancellation = running = new CancellationTokenSource();
            // On another thread, so that this one hears of a cancellation.
            _ = Task.Run(() => Evaluate(session, inputs, outputs, cancellation.Token));
        }

        // The engine is gone: what a driver still computes is nothing to wait for.
        Environment.Exit(0);
    }

    private void Evaluate(GraphSession session, GraphMemory[] inputs, GraphMemory[] outputs, CancellationToken cancellation)
    {
        try
        {
            session.Run(inputs, outputs, cancellation);
            Answer(WorkerMessages.Done);
            foreach (GraphMemory output in outputs)
                WorkerMessages.Write(_output, output);
            _output.Flush();
        }
        catch (OperationCanceledException)
        {
            Answer(WorkerMessages.Cancelled);
        }
        catch (GraphException failure)
        {
            Answer(WorkerMessages.Failed, failure.Message);
        }
    }

    private void Answer(byte kind, string? reason = null)
    {
        _output.Write(BitConverter.GetBytes(WorkerMessages.Mark));
        _output.WriteByte(kind);
        if (reason is not null)
            WorkerMessages.WriteSized(_output, Encoding.UTF8.GetBytes(reason));
        _output.Flush();
    }

    private GraphMemory Filled(long bytes)
    {
        GraphMemory memory = Allocated(bytes);
        WorkerMessages.Read(_input, memory);
        return memory;
    }

    private GraphMemory Allocated(long bytes)
    {
        nint memory = (nint)NativeMemory.Alloc((nuint)bytes);
        _memory.Add(memory);
        return new(memory, bytes);
    }
}
