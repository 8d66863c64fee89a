using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.Engine.Tests.Serving;

/// <summary>Many jobs of all kinds: nothing grows.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class SoakTests : ServeTest
{
    /// <summary>50 jobs, or 500 once with HYPIR_LONG=1.</summary>
    private static int Count => Environment.GetEnvironmentVariable("HYPIR_LONG") == "1" ? 500 : 50;

    /// <summary>Heaps and caches fill up to their level over some hundred jobs: 500 more after that add under 3 %.</summary>
    private static int WarmUp => Math.Max(200, Count);

    [TestMethod]
    public async Task Mixed_jobs_of_two_clients_leave_nothing_behind()
    {
        EngineClient[] clients = [Client(), Client()];
        // The largest job first: allocators keep what it took.
        RestoreRequest largest = Request(160, 128);
        byte[] expected = await RestoreAsync(clients[0], largest);
        for (int i = 0; i < WarmUp; i++)
            await MixedAsync(clients, i);
        await RestoreAsync(clients[1], largest);
        (EngineStatus status, int handles) before = await LookAsync(clients[0]);

        for (int i = 0; i < Count; i++)
            await MixedAsync(clients, WarmUp + i);
        CollectionAssert.AreEqual(expected, await RestoreAsync(clients[1], largest));
        (EngineStatus status, int handles) after = await LookAsync(clients[0]);
        TestContext.WriteLine(
            $"memory {before.status.MemoryBytes >> 20} -> {after.status.MemoryBytes >> 20} MiB, handles {before.handles} -> "
                + $"{after.handles}, tensors {after.status.LiveTensors}"
        );
        Assert.AreEqual(before.status.LiveTensors, after.status.LiveTensors, "Live tensors.");
        Assert.IsLessThan(1.05 * before.status.MemoryBytes, after.status.MemoryBytes, "Resident memory grew by more than 5 %.");
        Assert.IsLessThanOrEqualTo(before.handles + 3, after.handles, "Handles grew: " + string.Join("; ", Open(after.status.ProcessId)));
        Assert.AreEqual(before.status.ProcessId, after.status.ProcessId);
        Assert.IsEmpty(PixelFiles());
    }

    // Few, so that after the warm-up no size is new: libtorch keeps compiled kernels for each, which is a cache and no leak.
    private static readonly int[] Sides = [1, 37, 96];

    /// <summary>One job of a seeded kind: most go well, others are cancelled or fail.</summary>
    private static async Task MixedAsync(EngineClient[] clients, int seed)
    {
        var random = new Random(seed);
        EngineClient client = clients[random.Next(clients.Length)];
        RestoreRequest request = Request(
            Sides[random.Next(Sides.Length)], Sides[random.Next(Sides.Length)], (PixelLayout)random.Next(1, 6));
        switch (random.Next(6))
        {
            case 0:
                using (var cancel = new CancellationTokenSource())
                {
                    var state = (JobState)random.Next(0, 6);
                    try
                    {
                        await RestoreAsync(
                            client,
                            request,
                            new Told<JobProgress>(progress =>
                            {
                                if (progress.State == state)
                                    cancel.Cancel();
                            }),
                            cancel.Token
                        );
                    }
                    catch (OperationCanceledException)
                    {
                        // A job may also have been done before.
                    }
                }
                break;
            case 1:
                await Assert.ThrowsExactlyAsync<EngineException>(() => RestoreAsync(client, request with { Model = "none" }));
                break;
            case 2:
                await Assert.ThrowsExactlyAsync<EngineException>(() => RestoreAsync(client, request with { Strength = 2 }));
                break;
            case 3:
                await Task.WhenAll(clients.Select(each => RestoreAsync(each, request)));
                break;
            default:
                await RestoreAsync(client, request);
                break;
        }
    }

    /// <summary>What the process has open, as a hint for whoever looks for a leak.</summary>
    private static IEnumerable<string> Open(int processId) =>
        !OperatingSystem.IsLinux()
            ? []
            : Directory
                .GetFileSystemEntries($"/proc/{processId}/fd")
                .Select(entry => Path.GetFileName(new FileInfo(entry).LinkTarget ?? "?").Split(':')[0])
                .GroupBy(name => name)
                .Select(group => $"{group.Count()} {group.Key}")
                .Order();

    private static async Task<(EngineStatus Status, int Handles)> LookAsync(EngineClient client)
    {
        EngineStatus status = await client.GetStatusAsync();
        int handles = OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries($"/proc/{status.ProcessId}/fd").Length
            : System.Diagnostics.Process.GetProcessById(status.ProcessId).HandleCount;
        return (status, handles);
    }
}
