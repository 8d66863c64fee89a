using System.IO.Pipes;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using TorchSharp;

namespace Hypir.Engine.Tests.Serving;

/// <summary>
/// In an engine: stops within a block of a stage until the test lets it go on, or for ever; a block that hangs, on the thread that
/// computes. Then it writes down each block that is entered. Where the test has no gate, it goes on at once.
/// </summary>
internal sealed class Gate(RestoreStage stage, string home, string pipe) : IRestoreObserver
{
    // The encoder of the small model has two.
    private const int AtBlock = 2;

    private int _block;

    /// <summary>The test's end: whoever connects stands in the gate, and a byte lets it go on.</summary>
    public static NamedPipeServerStream Open(string pipe) =>
        new(pipe + "-g", PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);

    /// <summary>Waits until a job stands in the gate.</summary>
    public static async Task ReachedAsync(NamedPipeServerStream gate, Task job, CancellationToken cancellation)
    {
        Task reached = gate.WaitForConnectionAsync(cancellation);
        Assert.AreSame(reached, await Task.WhenAny(reached, job), "The job ended and never stood in the gate.");
        await reached;
    }

    /// <summary>Blocks that were entered after the gate, or while there was none.</summary>
    public static IEnumerable<string> Entered(string home) => File.Exists(Record(home)) ? File.ReadLines(Record(home)) : [];

    public void Block(RestoreStage current, string name)
    {
        if (current == stage && ++_block == AtBlock)
            Wait();
        else
            File.AppendAllText(Record(home), $"{current}\n");
    }

    public void Rows(string step, int start, torch.Tensor rows)
    {
    }

    private static string Record(string home) => Path.Combine(home, "blocks");

    private void Wait()
    {
        using var gate = new NamedPipeClientStream(".", pipe + "-g", PipeDirection.InOut, PipeOptions.CurrentUserOnly);
        try
        {
            gate.Connect(TimeSpan.Zero);
        }
        catch (TimeoutException)
        {
            return;
        }
        File.Delete(Record(home));
        gate.ReadByte();
    }
}
