using System.IO.Pipes;
using System.Text;
using Spectre.Console;

namespace Hypir.CommandLine.Tests;

/// <summary>A display that fails is no concern of the work.</summary>
[TestClass]
public sealed class ProgressDisplayTests
{
    // It only keeps a hanging display from hanging the tests.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [TestMethod]
    public void A_terminal_that_throws_stops_nothing() => Works(new ThrowingWriter());

    [TestMethod]
    public void A_terminal_that_takes_nothing_stops_nothing()
    {
        // Nobody reads this pipe, so that writing blocks when it is full.
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reader = new AnonymousPipeClientStream(PipeDirection.In, pipe.ClientSafePipeHandle);
        // Both write through the same lock: a StreamWriter takes one thread at a time.
        var writer = TextWriter.Synchronized(new StreamWriter(pipe) { AutoFlush = true });
        var filling = Task.Run(() => writer.Write(new string('x', 1 << 20)));
        Works(writer);
        Assert.IsFalse(filling.IsCompleted, "The terminal took everything.");
        var emptied = Task.Run(() => reader.CopyTo(Stream.Null));
        Assert.IsTrue(filling.Wait(Limit));
        writer.Dispose();
        Assert.IsTrue(emptied.Wait(Limit));
    }

    [TestMethod]
    public void Two_displays_at_once_stop_nothing()
    {
        var console = Console(TextWriter.Null);
        using var first = new ProgressDisplay(console, "a");
        using var second = new ProgressDisplay(console, "b");
        second.Set(0.5, "b", "working");
    }

    [TestMethod]
    public void What_is_worked_on_is_drawn()
    {
        using var terminal = new AwaitingWriter("the image");
        using var display = new ProgressDisplay(Console(terminal), "the image");
        Assert.IsTrue(terminal.Came.Wait(Limit), "The line is never drawn.");
    }

    private static void Works(TextWriter terminal)
    {
        var work = Task.Run(() =>
        {
            using var display = new ProgressDisplay(Console(terminal), "");
            for (int i = 0; i < 100; i++)
                display.Set(i / 100.0, $"[red]{i}", "working");
            return "the result";
        });
        Assert.IsTrue(work.Wait(Limit), "The work waits for its display.");
        Assert.AreEqual("the result", work.Result);
    }

    private static IAnsiConsole Console(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
        Out = new AnsiConsoleOutput(writer),
    });

    /// <summary>A terminal that tells when a text has come.</summary>
    private sealed class AwaitingWriter(string text) : TextWriter
    {
        private readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly StringBuilder _all = new();

        public override Encoding Encoding => Encoding.UTF8;

        public Task Came => _came.Task;

        public override void Write(char value)
        {
            _all.Append(value);
            if (_all.ToString().Contains(text, StringComparison.Ordinal))
                _came.TrySetResult();
        }
    }

    private sealed class ThrowingWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new InvalidOperationException("This terminal is broken.");

        public override void Write(string? value) => throw new InvalidOperationException("This terminal is broken.");
    }
}
