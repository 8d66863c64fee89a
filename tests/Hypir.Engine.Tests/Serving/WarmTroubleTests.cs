using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json.Nodes;
using Hypir.Planning;
using Hypir.Protocol.Client;
using Hypir.Testing;
using Hypir.Testing.Terminals;

namespace Hypir.Engine.Tests.Serving;

/// <summary><c>hypir restore</c> with an engine that is busy, hangs, or is another one, and Ctrl+C in the middle of its job.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class WarmTroubleTests : ServeTest
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>SIGTERM counts as Ctrl+C does; tests that run in the background inherit that SIGINT is ignored.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task An_interruption_reaches_the_job_in_the_engine()
    {
        EngineClient client = await GatedEngine();
        await using NamedPipeServerStream gate = Gate.Open(Pipe);
        using Process run = Start("600");
        await ReachedAsync(gate, run);
        Signal("TERM", run.Id);
        BuiltProgram.Finish(run).MustEnd(ExitCode.Cancelled);
        Assert.IsEmpty(Gate.Entered(Home), "The block has not ended.");
        gate.WriteByte(0);
        await Polling.UntilAsync(async () => (await client.GetStatusAsync(TestContext.CancellationToken)).EndedJobs == 1);
        Assert.IsEmpty(Gate.Entered(Home), "Nothing was computed after the block.");
        Assert.IsFalse(File.Exists(In("a.restored.png")));
        // The command is ended before it can delete what it sent.
        await Polling.UntilAsync(async () => (await client.GetStatusAsync(TestContext.CancellationToken)).Clients == 1);
        Assert.IsEmpty(PixelFiles(), "No photo stays behind.");
    }

    [TestMethod]
    public async Task An_engine_that_is_busy_is_waited_for()
    {
        EngineClient client = await GatedEngine();
        await using NamedPipeServerStream gate = Gate.Open(Pipe);
        Task<byte[]> other = RestoreAsync(client, Request());
        await Gate.ReachedAsync(gate, other, TestContext.CancellationToken);
        using Process run = Start("600");
        string told = "";
        while (!told.Contains("\"stage\":\"waiting\"", Ordinal))
            told += await run.StandardOutput.ReadLineAsync(TestContext.CancellationToken)
                ?? throw new AssertFailedException("It did not wait: " + told);
        gate.WriteByte(0);
        await other;
        told += BuiltProgram.Finish(run).MustEnd(ExitCode.Success).Output;
        Assert.IsFalse(told.Contains("this process restored", Ordinal), told);
        Assert.AreEqual(2, (await client.GetStatusAsync(TestContext.CancellationToken)).EndedJobs, told);
        SameAsAlone();
    }

    [TestMethod]
    public async Task Waiting_for_a_busy_engine_is_said_in_a_line()
    {
        EngineClient client = await GatedEngine();
        await using NamedPipeServerStream gate = Gate.Open(Pipe);
        Task<byte[]> other = RestoreAsync(client, Request());
        await Gate.ReachedAsync(gate, other, TestContext.CancellationToken);
        using Process run = BuiltProgram.Engine.Start(Folder, Environment("600"), "restore", "a.png", "-m", NanoModel.Name);
        string? told = await run.StandardError.ReadLineAsync(TestContext.CancellationToken);
        Assert.AreEqual("a.png: waiting for the engine, which is busy", told);
        gate.WriteByte(0);
        await other;
        BuiltProgram.Finish(run).MustEnd(ExitCode.Success);
        SameAsAlone();
    }

    /// <summary>The engine's plan is another one, as when it is busy with a large image.</summary>
    [TestMethod]
    public async Task An_engine_with_too_little_memory_is_not_used_and_that_is_said_once()
    {
        MakeImage("a.png", 300, 200);
        MakeImage("b.png", 300, 200);
        var little = new Dictionary<string, string> { ["HYPIR_HOME"] = Home, ["DOTNET_GCHeapHardLimit"] = "0x8000000" };
        EngineClient client = Client(location: Location with { Environment = little });
        await client.ConnectAsync(TestContext.CancellationToken);
        using Process run = BuiltProgram.Engine.Start(Folder, Environment("600"), "restore", "a.png", "b.png", "-m", NanoModel.Name);
        string told = BuiltProgram.Finish(run).MustEnd(ExitCode.Success).Output;
        Assert.HasCount(2, told.Split("The running engine has too little free memory for this image; this process restored the image."));
        Assert.AreEqual(0, (await client.GetStatusAsync(TestContext.CancellationToken)).EndedJobs, told);
        SameAsAlone();
    }

    /// <summary>The job stands in a block that does not end.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task An_interruption_of_a_busy_engine_tells_how_far_the_run_got()
    {
        await GatedEngine();
        await using NamedPipeServerStream gate = Gate.Open(Pipe);
        foreach (string name in (string[])["in/1.png", "in/2.png", "in/3.png", "out/1.png"])
            MakeImage(name, 60, 50);
        File.WriteAllText(In("in/0.png"), "no image");
        using var run = TerminalProgram.Start(
            BuiltProgram.Engine, Folder, new TerminalLook() with { Environment = Environment("600") }, "restore", "in", "-o", "out", "-m",
            NanoModel.Name, "--report", "r.html");
        await Gate.ReachedAsync(gate, Task.Delay(Timeout.Infinite, TestContext.CancellationToken), TestContext.CancellationToken);
        run.Type(TerminalProgram.CtrlC).MustEnd(ExitCode.Cancelled);
        string[] rows = run.Text.Split('\n');
        CollectionAssert.Contains(rows, "Cancelled: 0 restored, 1 kept, 1 failed, 2 of 4 images left.", run.Text);
        CollectionAssert.Contains(rows, "Repeat the command with --resume to continue; finished results are kept.", run.Text);
        StringAssert.Contains(File.ReadAllText(In("r.html")), "<h2>2 images were not restored</h2>");
        Assert.IsEmpty(Gate.Entered(Home), "The block has not ended.");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task An_engine_that_hangs_is_left()
    {
        await GatedEngine();
        await using NamedPipeServerStream gate = Gate.Open(Pipe);
        using Process run = Start("15");
        await ReachedAsync(gate, run);
        Signal("STOP", Holder()!.Value);
        string told = BuiltProgram.Finish(run).MustEnd(ExitCode.Success).Output;
        StringAssert.Contains(told, "The engine does not answer any more; this process restored the image.");
        SameAsAlone();
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task An_engine_of_another_version_is_not_used(bool speaksAnother)
    {
        await using var pipe = new NamedPipeServerStream(Pipe, PipeDirection.InOut, 1,
            PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        MakeImage("a.png", 60, 50);
        using Process run = Start("600");
        await Task.WhenAny(pipe.WaitForConnectionAsync(TestContext.CancellationToken), run.WaitForExitAsync(TestContext.CancellationToken));
        Assert.IsTrue(pipe.IsConnected, "It did not look for an engine.");
        var call = new byte[1000];
        Assert.IsGreaterThan(0, await pipe.ReadAsync(call, TestContext.CancellationToken));
        string id = JsonNode.Parse(call.AsSpan(4, BitConverter.ToInt32(call)))!["id"]!.ToJsonString();
        string answer = speaksAnother
            ? """ "error":{"code":3,"message":"Other.","data":{"protocol":7,"version":"7.0","remedy":"Update."}} """
            : $$"""
                "result":{"protocol":1,"version":"7.0","processId":1,"pixelFolder":{{JsonValue.Create(Home)!.ToJsonString()}},
                "logFile":"l","heartbeatSeconds":1}
                """;
        await pipe.WriteAsync(
            RawClient.Frame(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{id}},{{answer}}}""")), TestContext.CancellationToken);
        string told = BuiltProgram.Finish(run).MustEnd(ExitCode.Success).Output;
        StringAssert.Contains(told, "The running engine has ");
        StringAssert.Contains(told, "; this process restored the image.");
        SameAsAlone();
    }

    /// <summary>An engine with a gate in its encoder, and an image for it.</summary>
    private async Task<EngineClient> GatedEngine()
    {
        MakeImage("a.png", 300, 200);
        EngineClient client = Client(location: Faulty(RestoreStage.Encoding, "0", "gate"));
        await client.ConnectAsync(TestContext.CancellationToken);
        return client;
    }

    private Process Start(string patience) =>
        BuiltProgram.Engine.Start(Folder, Environment(patience), "restore", "a.png", "--json", "-m", NanoModel.Name);

    private Dictionary<string, string> Environment(string patience) =>
        new() { ["HYPIR_PIPE"] = Pipe, ["HYPIR_ENGINE_PATIENCE"] = patience };

    private async Task ReachedAsync(NamedPipeServerStream gate, Process run)
    {
        Task end = run.WaitForExitAsync(TestContext.CancellationToken);
        try
        {
            await Gate.ReachedAsync(gate, end, TestContext.CancellationToken);
        }
        catch (AssertFailedException)
        {
            Assert.Fail("The engine was not used: " + (await BuiltProgram.FinishAsync(run)).Output);
        }
    }

    /// <summary>The result has the bytes of a run without an engine.</summary>
    private void SameAsAlone()
    {
        Hypir("restore", "a.png", "-o", "own.png", "-m", NanoModel.Name, "--engine", "never").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(File.ReadAllBytes(In("own.png")), File.ReadAllBytes(In("a.restored.png")));
    }

    private static void Signal(string name, int process)
    {
        using var kill = Process.Start("kill", ["-" + name, $"{process}"]);
        kill.WaitForExit();
    }
}
