using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Serving;

/// <summary>A disk without room for pixels.</summary>
[TestClass]
[TestCategory("Serve")]
public sealed class FullDiskTests : ServeTest
{
    [TestMethod]
    public async Task Pixels_that_do_not_fit_fail_their_own_job_only()
    {
        string pixels = Path.Combine(Home, "engine", Pipe, "pixels");
        using var disk = new SmallDisk(pixels, 3);
        EngineClient client = Client();
        byte[] expected = await RestoreAsync(client, Request());
        Welcome before = await client.ConnectAsync();
        // 4.9 MB: the result is what does not fit.
        var engine = await Assert.ThrowsExactlyAsync<EngineException>(() =>
            RestoreAsync(client, Request() with { Upscale = 20, Strength = 0 })
        );
        Assert.AreEqual(EngineError.CannotWrite, engine.Error, engine.Message);
        StringAssert.Contains(engine.Remedy, pixels);
        // 4.8 MB: the input does not.
        var own = await Assert.ThrowsExactlyAsync<EngineException>(() => RestoreAsync(client, Request(1200, 1000)));
        Assert.AreEqual(EngineError.CannotWrite, own.Error, own.Message);
        Assert.IsEmpty(PixelFiles(), "What was half written is deleted.");
        CollectionAssert.AreEqual(expected, await RestoreAsync(client, Request()));
        Assert.AreEqual(before.ProcessId, (await client.ConnectAsync()).ProcessId);
    }
}
