using Hypir.Models.Download;
using Hypir.Models.Tests.Support;
using Hypir.Testing;

namespace Hypir.Models.Tests.Download;

[TestClass]
public sealed class HonestServerTests : DownloadTest
{
    [TestMethod]
    public async Task AFileArrivesWhole()
    {
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, Payload.Bytes));
        var log = new ProgressLog();
        var result = await Get(Quick, null, null, log, server.File());
        IsWhole();
        Assert.AreEqual(new DownloadResult(Payload.Bytes.Length, Payload.Sha256, server.File()), result);
        Assert.AreEqual(1, server.Requests.Count);
        Assert.IsTrue(
            log.All.Any(progress => progress is { Stage: DownloadStage.Receiving, Total: { } total } && total == Payload.Bytes.Length));
    }

    [TestMethod]
    public async Task AWholeFileIsFoundAndNotAskedForAgain()
    {
        await System.IO.File.WriteAllBytesAsync(Target, Payload.Bytes);
        var result = await Get(new Uri("http://127.0.0.1:9/"));
        Assert.IsNull(result.Source);
        IsWhole();
    }

    [TestMethod]
    public async Task ADamagedFileOfTheSameNameIsReplaced()
    {
        await System.IO.File.WriteAllBytesAsync(Target, Payload.Corrupt(1000));
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, Payload.Bytes));
        await Get(server.File());
        IsWhole();
    }

    [TestMethod]
    public async Task RedirectsAreFollowedWithTheirRange()
    {
        await using var content = new TestServer(
            (request, reply) => reply.FileAsync(request, Payload.Bytes, bytes: request.Index == 0 ? 100_000 : null));
        await using var server = new TestServer((_, reply) => reply.SendAsync("302 Found", "", $"Location: {content.File("elsewhere")}"));
        await Get(server.File());
        IsWhole();
        CollectionAssert.AreEqual((long?[])[null, 100_000], content.Requests.Select(request => request.From).ToArray());
    }

    [TestMethod]
    public async Task RedirectsInACircleEnd()
    {
        await using var server = new TestServer((request, reply) => reply.SendAsync("302 Found", "", "Location: /again"));
        await Fails(DownloadErrorKind.NotFound, () => Get(server.File()));
    }

    [TestMethod]
    public async Task AFolderIsASource()
    {
        await System.IO.File.WriteAllBytesAsync(File("other"), Payload.Bytes);
        await Get(new Uri(File("nowhere")), new Uri(File("other")));
        System.IO.File.Delete(File("other"));
        IsWhole();
    }

    [TestMethod]
    public async Task ACancelledDownloadKeepsItsPartAndGoesOn()
    {
        const int First = 120_000;
        await using var server = new TestServer(async (request, reply) =>
        {
            await reply.FileAsync(request, Payload.Bytes, bytes: request.Index == 0 ? First : null);
            if (request.Index == 0)
                await reply.StallAsync();
        });
        using var cancellation = new CancellationTokenSource();
        using var downloader = new Downloader(Quick with { Stall = TimeSpan.FromMinutes(1) });
        var download = downloader.DownloadAsync(
            new DownloadRequest(Target, [server.File()], Payload.Bytes.Length, null), null, cancellation.Token);
        await Polling.UntilAsync(
            () => download.IsCompleted || (System.IO.File.Exists(Part) && new FileInfo(Part).Length == First));
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => download);
        Assert.AreEqual(First, new FileInfo(Part).Length);

        await GetFile(Payload.Bytes.Length, null, server.File());
        IsWhole();
        var second = server.Requests.Last();
        Assert.AreEqual(First, second.From);
        Assert.AreEqual("\"tag\"", second.IfRange);
    }

    [TestMethod]
    public async Task TwoDownloadsOfOneFileAtOnceDoNotDisturbEachOther()
    {
        var both = new TaskCompletionSource();
        await using var server = new TestServer(async (request, reply) =>
        {
            // The first one is held until the other waits for it.
            await both.Task;
            await reply.FileAsync(request, Payload.Bytes);
        });
        var log = new ProgressLog(progress =>
        {
            if (progress.Stage == DownloadStage.WaitingForOther)
                both.TrySetResult();
        });
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(_ => Get(Quick with { Stall = TimeSpan.FromMinutes(1) }, Payload.Bytes.Length, Payload.Sha256, log, server.File()))
        );
        IsWhole();
        Assert.AreEqual(1, server.Requests.Count);
        CollectionAssert.AreEquivalent((Uri?[])[null, server.File()], results.Select(result => result.Source).ToArray());
    }
}
