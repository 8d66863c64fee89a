using Hypir.Models.Tests.Support;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.Models.Tests.Serving;

/// <summary>Memory that runs out while weights are read: the system itself refuses it.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class LoadingTests
{
    private const string Limiter = "/usr/bin/prlimit";

    // Enough for the program and the model that ships, also on a busy machine, where freed memory comes back late; not for the weights of
    // full size: 2.6 GB in bfloat16.
    private const long Limit = 2_000_000_000;

    [TestMethod]
    public async Task WeightsThatDoNotFitFailTheirOwnJobOnly()
    {
        if (!File.Exists(Limiter))
            Assert.Inconclusive($"{Limiter} limits the memory of a process; it is not here.");
        await using var engine = new EngineHome();
        string large = engine.In("large.safetensors");
        SparseWeights.Write(large, SparseWeights.FullSizeSingleFile());
        EngineClient client = engine.Client(Limiter, $"--data={Limit}");
        await client.AddModelAsync(new() { Path = large, Name = "large" });
        RestoreRequest request = new() { Width = 64, Height = 64, Layout = PixelLayout.Rgb24, Precision = RequestPrecision.Float32 };
        await Restore(request);
        Welcome before = await client.ConnectAsync();
        var told = new Reports<JobProgress>();
        var failure = await Assert.ThrowsExactlyAsync<EngineException>(() =>
            client.RestoreAsync(
                request with
                {
                    Model = "large",
                    Precision = RequestPrecision.Bfloat16,
                    AllowNarrower = false,
                },
                (_, rows) => rows.Clear(),
                told
            )
        );
        Assert.AreEqual(EngineError.OutOfMemory, failure.Error, failure.Message);
        Assert.IsNotNull(failure.Remedy);
        Assert.IsEmpty(failure.Ends);
        await Restore(request);
        Assert.AreEqual(before.ProcessId, (await client.ConnectAsync()).ProcessId, "It is the same process.");
        CollectionAssert.AreEqual(
            new[] { "faithful" }, (await client.GetStatusAsync()).LoadedModels.ToArray(), "Nothing half-loaded stays.");

        async Task Restore(RestoreRequest small) => (await client.RestoreAsync(small, (_, rows) => rows.Clear())).Dispose();
    }
}
