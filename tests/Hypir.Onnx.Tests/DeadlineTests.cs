using System.Collections;
using System.Runtime.InteropServices;
using Hypir.Onnx.Graphs;
using Hypir.Onnx.Sessions;
using Hypir.Onnx.Workers;
using Hypir.Testing;

namespace Hypir.Onnx.Tests;

/// <summary>Cancelling takes effect within two seconds, even if a driver hangs. The clock is moved by hand.</summary>
[TestClass]
public sealed class DeadlineTests
{
    private const string Ready = @"printf '\062\120\131\110\000'";

    /// <summary>
    /// A process that says it is ready and then never answers: it reads what it gets, or not even that. What it answers with stays open (as
    /// number 3): its end would be an answer.
    /// </summary>
    [TestMethod]
    [DataRow("exec 3>&1 cat > /dev/null")]
    [DataRow("exec sleep 100000")]
    public void A_worker_that_hangs_is_ended(string hang)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Such files are made on Linux only.");
            return;
        }

        using var folder = new TemporaryFolder();
        string program = folder.Write("worker", $"#!/bin/sh\n{Ready}\n{hang}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // More than a pipe holds.
        byte[] numbers = new byte[1 << 18];
        numbers.AsSpan().Fill(0x5a);
        var graph = new OnnxGraph();
        graph.Output("y", graph.Input("x", numbers.Length / sizeof(float)));
        var clock = new HandClock();
        using var workers = new GraphWorkers(program, "none", GraphProvider.Cpu, clock: clock);
        using IGraphSession session = workers.Open(graph, new Dictionary<string, GraphMemory>(), default);
        using var cancellation = new CancellationTokenSource();
        var sent = new Watched();
        Task run = OnThread(() => Evaluate(session, sent, numbers, cancellation.Token));
        // The first time, their sizes are checked; the second time, they are sent.
        Polling.Until(() => sent.Reads == 2 || run.IsCompleted);
        // Where the worker reads nothing, this itself waits for the worker's end.
        Task cancel = OnThread(cancellation.Cancel);
        Polling.Until(() => clock.IsAwaited || run.IsCompleted);
        Assert.IsFalse(run.IsCompleted, $"Until then it may answer. {run.Exception}");
        Assert.IsLessThan(TimeSpan.FromSeconds(2), GraphWorker.Patience);
        clock.Advance(GraphWorker.Patience);
        Assert.ThrowsExactly<OperationCanceledException>(() => run.GetAwaiter().GetResult());
        cancel.GetAwaiter().GetResult();
    }

    /// <summary>On a thread of its own: those of the pool may be busy with other tests.</summary>
    private static Task OnThread(Action action) => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Evaluate(IGraphSession session, Watched sent, byte[] numbers, CancellationToken cancellation)
    {
        byte[] results = new byte[numbers.Length];
        GCHandle input = GCHandle.Alloc(numbers, GCHandleType.Pinned), output = GCHandle.Alloc(results, GCHandleType.Pinned);
        try
        {
            sent.Memory = new(input.AddrOfPinnedObject(), numbers.Length);
            session.Run(sent, [new(output.AddrOfPinnedObject(), results.Length)], cancellation);
        }
        finally
        {
            input.Free();
            output.Free();
        }
    }

    /// <summary>An input that counts how often it was read.</summary>
    private sealed class Watched : IReadOnlyList<GraphMemory>
    {
        private volatile int _reads;

        public GraphMemory Memory { get; set; }

        public int Reads => _reads;

        public int Count => 1;

        public GraphMemory this[int index] => Memory;

        public IEnumerator<GraphMemory> GetEnumerator()
        {
            _reads++;
            yield return Memory;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
