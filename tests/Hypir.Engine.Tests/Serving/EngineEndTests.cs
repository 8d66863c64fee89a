using System.Diagnostics;
using System.IO.Pipes;
using Hypir.Planning;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.Engine.Tests.Serving;

/// <summary>Engines that crash, hang, are missing or are not what they should be.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class EngineEndTests : ServeTest
{
    /// <summary>Times in each state: once, or 20 times with HYPIR_LONG=1.</summary>
    private static int Times => Environment.GetEnvironmentVariable("HYPIR_LONG") == "1" ? 20 : 1;

    /// <summary>
    /// Seconds that no answer takes: the client does not give up before the engine has answered, and fails the test if it never does.
    /// </summary>
    private const double Far = 300;

    [TestMethod]
    [DataRow(JobState.Queued)]
    [DataRow(JobState.Loading)]
    [DataRow(JobState.Encoding)]
    [DataRow(JobState.Restoring)]
    [DataRow(JobState.Decoding)]
    [DataRow(JobState.Finishing)]
    public async Task An_engine_killed_in_any_state_is_told_and_the_job_is_done_by_the_next(JobState state)
    {
        EngineClient client = Client();
        // The last stages of a small job are over before the client has heard of them.
        RestoreRequest request = state switch
        {
            JobState.Decoding => Request(300, 200) with { Tile = 128 },
            JobState.Finishing => Request(2500, 2000) with { Strength = 0 },
            _ => Request(),
        };
        byte[] expected = await RestoreAsync(client, request);
        int kills = 0;
        for (int tries = 0; kills < Times && tries < 10 * Times; tries++)
        {
            bool killed = false;
            var told = new Told<JobProgress>(progress =>
            {
                if (progress.State != state || killed)
                    return;
                killed = true;
                client.EndEngine();
            });
            using (RestoredPixels result = await client.RestoreAsync(request, Pixels(request), told))
            {
                CollectionAssert.AreEqual(expected, Bytes(result));
                // It may be done before its progress or the kill arrives: then it is tried again.
                if (result.Ends.Count > 0)
                {
                    kills++;
                    EngineEnd end = result.Ends.Single();
                    Assert.AreEqual(OperatingSystem.IsWindows() ? -1 : 137, end.ExitCode);
                    Assert.IsTrue(
                        end.LastLines.Any(line => line.Contains($"{request.Width}x{request.Height}", StringComparison.Ordinal))
                            || state == JobState.Queued,
                        string.Join('\n', end.LastLines)
                    );
                    Assert.IsTrue(told.All.Any(progress => progress.Note?.Contains("started again", StringComparison.Ordinal) == true));
                }
            }
            CollectionAssert.AreEqual(expected, await RestoreAsync(client, request), "The next job succeeds.");
        }
        Assert.AreEqual(Times, kills);
        // A large image's own file waits for its next job.
        client.Dispose();
        Assert.IsEmpty(PixelFiles(), "What killed engines left is swept.");
    }

    [TestMethod]
    public async Task An_engine_that_crashes_again_is_not_started_a_third_time()
    {
        EngineClient client = Client();
        int starts = 0;
        var failure = await Assert.ThrowsExactlyAsync<EngineException>(() =>
            client.RestoreAsync(
                Request(),
                Pixels(Request()),
                new Told<JobProgress>(progress =>
                {
                    if (progress.State != JobState.Encoding || progress.Tile > 0 || progress.Fraction > 0)
                        return;
                    starts++;
                    client.EndEngine();
                })
            )
        );
        Assert.AreEqual(EngineError.EngineCrashed, failure.Error);
        Assert.HasCount(2, failure.Ends);
        Assert.AreEqual(2, starts);
        Assert.IsNotNull(failure.Remedy);
        await RestoreAsync(client, Request());
    }

    [TestMethod]
    public async Task A_hanging_engine_is_noticed_and_can_be_ended()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Processes are stopped by a signal that Windows lacks.");
        var noticed = new TaskCompletionSource();
        EngineClient client = Client(
            new Told<EngineHealth>(health =>
            {
                if (health == EngineHealth.Unresponsive)
                    noticed.TrySetResult();
            }),
            silence: 4, location: Faulty(RestoreStage.Encoding, "0", "gate"));
        Task<RestoredPixels> job;
        await using (NamedPipeServerStream gate = Gate.Open(Pipe))
        {
            job = client.RestoreAsync(Request(), Pixels(Request()));
            await Gate.ReachedAsync(gate, job, TestContext.CancellationToken);
            Suspend();
            await noticed.Task;
            Assert.IsFalse(job.IsCompleted);
            client.EndEngine();
        }
        using RestoredPixels result = await job;
        Assert.HasCount(1, result.Ends);
    }

    [TestMethod]
    public async Task Cancelling_does_not_wait_for_a_hanging_engine()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Processes are stopped by a signal that Windows lacks.");
        using var cancel = new CancellationTokenSource();
        EngineClient client = Client(location: Faulty(RestoreStage.Encoding, "0", "gate"));
        await using NamedPipeServerStream gate = Gate.Open(Pipe);
        Task<byte[]> job = RestoreAsync(client, Request(), cancellation: cancel.Token);
        await Gate.ReachedAsync(gate, job, TestContext.CancellationToken);
        Suspend();
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => job);
        client.EndEngine();
    }

    [TestMethod]
    public async Task A_missing_engine_and_one_that_does_not_start_are_reported()
    {
        var missing = await Assert.ThrowsExactlyAsync<EngineException>(() => Client(location: new(In("hypir"))).ConnectAsync());
        Assert.AreEqual(EngineError.EngineMissing, missing.Error);
        StringAssert.Contains(missing.Message, In("hypir"));
        var wrong = await Assert.ThrowsExactlyAsync<EngineException>(() =>
            Client(location: Location with { ServeArguments = ["--idle-exit", "never"] }).ConnectAsync()
        );
        Assert.AreEqual(EngineError.EngineDidNotStart, wrong.Error);
        StringAssert.Contains(wrong.Message, "exit code 2");
        StringAssert.Contains(wrong.Message, "never", "Its own message is included.");
    }

    [TestMethod]
    public async Task An_engine_of_another_version_is_reported()
    {
        await using var pipe = new NamedPipeServerStream(Pipe, PipeDirection.InOut, 1,
            PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        Task<Welcome> connecting = Client().ConnectAsync();
        await pipe.WaitForConnectionAsync(TestContext.CancellationToken);
        var call = new byte[1000];
        Assert.IsGreaterThan(0, await pipe.ReadAsync(call, TestContext.CancellationToken));
        string id = System.Text.Json.Nodes.JsonNode.Parse(call.AsSpan(4, BitConverter.ToInt32(call)))!["id"]!.ToJsonString();
        await pipe.WriteAsync(
            RawClient.Frame(
                System.Text.Encoding.UTF8.GetBytes(
                    $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":"""
                        + """{"code":3,"message":"The engine that runs (version 7.0) speaks version 7.","data":"""
                        + """{"protocol":7,"version":"7.0","remedy":"Update." } } }"""
                )
            ),
            TestContext.CancellationToken
        );
        var failure = await Assert.ThrowsExactlyAsync<EngineException>(() => connecting);
        Assert.AreEqual(
            (EngineError.VersionMismatch, 7, "7.0", "Update."),
            (failure.Error, failure.Details.Protocol, failure.Details.Version, failure.Remedy));
    }

    /// <summary>
    /// The promise of two seconds is a block's: the engine answers while the block is still computed, and computes no other one. No clock
    /// is asked, so that neither a busy machine nor Wine decides.
    /// </summary>
    [TestMethod]
    [DataRow(RestoreStage.Encoding)]
    [DataRow(RestoreStage.Restoring)]
    [DataRow(RestoreStage.Decoding)]
    public async Task A_job_is_cancelled_within_a_block_and_the_next_one_works(RestoreStage stage)
    {
        EngineClient client = Client(location: Faulty(stage, "0", "gate"), patience: Far);
        // It finishes no rows before the decoder is done: what is entered later is entered too much.
        RestoreRequest request = Request(300, 200) with { Tile = 128 };
        using var cancel = new CancellationTokenSource();
        await using (NamedPipeServerStream gate = Gate.Open(Pipe))
        {
            Task<byte[]> job = RestoreAsync(client, request, cancellation: cancel.Token);
            await Gate.ReachedAsync(gate, job, TestContext.CancellationToken);
            await cancel.CancelAsync();
            var cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() => job);
            Assert.AreEqual(EngineError.Cancelled, EngineRpc.Translate(cancelled.InnerException!)?.Error, "The engine itself answered.");
            Assert.IsEmpty(Gate.Entered(Home), "The block has not ended.");
            gate.WriteByte(0);
        }
        RestoreRequest nothing = Request() with { Strength = 0 };
        await RestoreAsync(client, nothing);
        CollectionAssert.AreEqual(new[] { $"{RestoreStage.Finishing}" }, Gate.Entered(Home).ToArray(), "Only the next job went on.");
        byte[] again = await RestoreAsync(client, request);
        CollectionAssert.AreEqual(await RestoreAsync(client, request), again);
        Assert.IsEmpty(PixelFiles());
    }

    [TestMethod]
    public async Task A_job_that_waits_is_cancelled_before_the_one_under_way_ends()
    {
        EngineClient client = Client(location: Faulty(RestoreStage.Encoding, "0", "gate")), other = Client(patience: Far);
        using var cancel = new CancellationTokenSource();
        await using NamedPipeServerStream gate = Gate.Open(Pipe);
        Task<byte[]> first = RestoreAsync(client, Request());
        await Gate.ReachedAsync(gate, first, TestContext.CancellationToken);
        var cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() =>
            RestoreAsync(
                other,
                Request(),
                new Told<JobProgress>(progress =>
                {
                    if (progress.State == JobState.Queued)
                        cancel.Cancel();
                }),
                cancel.Token
            )
        );
        Assert.AreEqual(EngineError.Cancelled, EngineRpc.Translate(cancelled.InnerException!)?.Error, "The engine itself answered.");
        Assert.AreEqual(0, (await other.GetStatusAsync()).QueuedJobs);
        gate.WriteByte(0);
        CollectionAssert.AreEqual(await first, await RestoreAsync(other, Request()));
    }

    /// <summary>
    /// Heartbeats continue beside a block that hangs: only the block's own time shows it. It takes the 15 seconds that a block always has.
    /// </summary>
    [TestMethod]
    public async Task A_block_that_hangs_is_noticed_by_its_plan_and_the_engine_can_be_ended()
    {
        var noticed = new TaskCompletionSource<EngineHealth>();
        EngineClient client = Client(
            new Told<EngineHealth>(health => noticed.TrySetResult(health)), location: Faulty(RestoreStage.Restoring, "0", "gate"));
        byte[] expected = await RestoreAsync(client, Request());
        // The engine has learned its speed, and has passed the place of the gate: the next one stands there again.
        await client.ShutdownAsync();
        Task<RestoredPixels> job;
        await using (NamedPipeServerStream gate = Gate.Open(Pipe))
        {
            job = client.RestoreAsync(Request(), Pixels(Request()));
            await Gate.ReachedAsync(gate, job, TestContext.CancellationToken);
            Assert.AreEqual(EngineHealth.SlowBlock, await noticed.Task);
            Assert.IsFalse(job.IsCompleted);
            Assert.AreEqual(1, (await client.GetStatusAsync()).Clients, "It answers all the while.");
            client.EndEngine();
        }
        using RestoredPixels result = await job;
        Assert.HasCount(1, result.Ends);
        CollectionAssert.AreEqual(expected, Bytes(result));
    }

    /// <summary>A dialog asks for a plan while it restores: more than one call can lose the same engine.</summary>
    [TestMethod]
    public async Task All_calls_that_lose_an_engine_learn_of_its_end_and_go_on()
    {
        EngineClient client = Client(location: Faulty(RestoreStage.Restoring, "0", "gate"));
        List<Task<RestoredPixels>> jobs = [];
        await using (NamedPipeServerStream gate = Gate.Open(Pipe))
        {
            for (int i = 0; i < 8; i++)
                jobs.Add(client.RestoreAsync(Request(), Pixels(Request())));
            await Gate.ReachedAsync(gate, jobs[0], TestContext.CancellationToken);
            client.EndEngine();
        }
        foreach (Task<RestoredPixels> job in jobs)
        {
            using RestoredPixels result = await job;
            Assert.HasCount(1, result.Ends);
            Assert.IsNotNull(result.Ends[0].ExitCode);
        }
    }

    [TestMethod]
    public async Task A_client_that_leaves_cancels_its_own_jobs_only()
    {
        EngineClient leaving = Client(), staying = Client();
        byte[] expected = await RestoreAsync(staying, Request());
        var running = new TaskCompletionSource();
        Task job = RestoreAsync(
            leaving,
            Request(700, 600),
            new Told<JobProgress>(progress =>
            {
                if (progress.State == JobState.Encoding)
                    running.TrySetResult();
            })
        );
        await running.Task;
        Task<byte[]> other = RestoreAsync(staying, Request());
        leaving.Dispose();
        CollectionAssert.AreEqual(expected, await other);
        await Assert.ThrowsAsync<Exception>(() => job);
        EngineStatus status = await staying.GetStatusAsync();
        Assert.AreEqual((1, 0, 3L), (status.Clients, status.QueuedJobs, status.EndedJobs));
    }

    /// <summary>Stops the engine's process, so that it answers nothing.</summary>
    private void Suspend() => Process.Start("kill", ["-STOP", $"{Holder()}"]).WaitForExit();
}
