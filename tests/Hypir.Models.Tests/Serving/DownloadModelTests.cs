using Hypir.Models.Download;
using Hypir.Models.Tests.Support;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Testing;

namespace Hypir.Models.Tests.Serving;

/// <summary>Models that a client has the engine download, from a server on this machine.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class DownloadModelTests
{
    [TestMethod]
    public async Task AModelIsListedItsLicenceAcceptedDownloadedAndUsed()
    {
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, EngineHome.Content(request)));
        await using var engine = new EngineHome();
        engine.WriteManifest(server);
        EngineClient client = engine.Client();
        ModelEntry before = await Entry(client);
        Assert.AreEqual((ModelState.Available, "The small model", false), (before.State, before.Title, before.Licences.Single().Accepted));
        Assert.AreEqual(
            Directory.GetFiles(Goldens.Require("tiny-sd2"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length),
            before.DownloadBytes);

        var refused = await Assert.ThrowsExactlyAsync<EngineException>(() => client.DownloadModelAsync(EngineHome.Model));
        Assert.AreEqual((EngineError.LicenceNeeded, "test"), (refused.Error, refused.Details.Licence));
        LicenseText license = await client.GetLicenceAsync("test");
        StringAssert.Contains(license.Text, "The terms of the test");
        Assert.IsNull(license.Accepted);
        var unseen = await Assert.ThrowsExactlyAsync<EngineException>(() =>
            client.AcceptLicenceAsync(license with { Sha256 = new string('0', 64) })
        );
        Assert.AreEqual(EngineError.BadRequest, unseen.Error, "Another wording is not accepted unseen.");
        Assert.IsEmpty(server.Requests);
        await client.AcceptLicenceAsync(license);
        Assert.IsNotNull((await client.GetLicenceAsync("test")).Accepted);

        var told = new Reports<DownloadReport>();
        ModelEntry after = await client.DownloadModelAsync(EngineHome.Model, told);
        Assert.AreEqual((ModelState.Ready, 0L, true), (after.State, after.DownloadBytes, after.Licences.Single().Accepted), after.Problem);
        Assert.AreEqual(after, (await Entry(client)) with { Licences = after.Licences });
        Assert.IsTrue(told.All.All(report => report.TotalBytes == before.DownloadBytes && report.ReceivedBytes <= report.TotalBytes));
        Assert.IsTrue(told.All.Any(report => report is { Step: DownloadStep.Receiving, Source: not null }));
        Assert.IsTrue(
            told.All.All(report => report.File.StartsWith("tiny/", StringComparison.Ordinal)), "Where the store is stays its own affair.");

        var request = new RestoreRequest
        {
            Width = 64,
            Height = 64,
            Layout = PixelLayout.Rgb24,
            Model = EngineHome.Model,
            Tile = 64,
            Stride = 64,
        };
        using RestoredPixels result = await client.RestoreAsync(request, (_, rows) => rows.Clear());
        Assert.AreEqual(64, result.Width);
    }

    [TestMethod]
    public async Task CancellingKeepsWhatHasComeAndTheNextCallGoesOnFromThere()
    {
        bool cut = true;
        await using var server = new TestServer(async (request, reply) =>
        {
            byte[] content = EngineHome.Content(request);
            if (!EngineHome.IsLargest(request) || !cut)
            {
                await reply.FileAsync(request, content);
                return;
            }
            cut = false;
            await reply.FileAsync(request, content, bytes: content.Length / 2);
            await reply.StallAsync();
        });
        await using var engine = new EngineHome();
        engine.WriteManifest(server);
        EngineClient client = await engine.AcceptedAsync();
        using var cancel = new CancellationTokenSource();
        Task<ModelEntry> download = client.DownloadModelAsync(EngineHome.Model, null, cancel.Token);
        int half = File.ReadAllBytes(EngineHome.Largest).Length / 2;
        await Polling.UntilAsync(() => PartLength(engine) == half);
        Assert.AreEqual(ModelState.Partial, (await Entry(client)).State);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => download);
        await Polling.UntilAsync(() => IsFree(engine.Target + ".part"));
        Assert.AreEqual(half, PartLength(engine));
        Assert.IsFalse(File.Exists(engine.Target));

        Assert.AreEqual(ModelState.Ready, (await client.DownloadModelAsync(EngineHome.Model)).State);
        Assert.AreEqual(half, server.Requests.Last(EngineHome.IsLargest).From, "What had come is not asked for again.");
        CollectionAssert.AreEqual(File.ReadAllBytes(EngineHome.Largest), File.ReadAllBytes(engine.Target));
    }

    [TestMethod]
    public async Task AnEngineThatDiesInADownloadIsStartedAgainAndGoesOn()
    {
        await using var engine = new EngineHome();
        EngineClient? client = null;
        bool cut = true;
        await using var server = new TestServer(async (request, reply) =>
        {
            byte[] content = EngineHome.Content(request);
            if (!EngineHome.IsLargest(request) || !cut)
            {
                await reply.FileAsync(request, content);
                return;
            }
            cut = false;
            await reply.FileAsync(request, content, bytes: content.Length / 2);
            await Polling.UntilAsync(() => PartLength(engine) == content.Length / 2);
            client!.EndEngine();
            await reply.StallAsync();
        });
        engine.WriteManifest(server);
        client = await engine.AcceptedAsync();
        Assert.AreEqual(ModelState.Ready, (await client.DownloadModelAsync(EngineHome.Model)).State);
        Assert.IsNotNull(server.Requests.Last(EngineHome.IsLargest).From, "What had come is not asked for again.");
    }

    [TestMethod]
    public async Task AClientThatLeavesEndsItsOwnDownloadOnly()
    {
        await using var engine = new EngineHome();
        var left = new TaskCompletionSource();
        await using var server = new TestServer(async (request, reply) =>
        {
            if (EngineHome.IsLargest(request) && !left.Task.IsCompleted)
            {
                await reply.StallAsync(); // until the client has hung up
                left.TrySetResult();
            }
            else
            {
                await reply.FileAsync(request, EngineHome.Content(request));
            }
        });
        engine.WriteManifest(server);
        EngineClient leaving = await engine.AcceptedAsync(), staying = engine.Client();
        Task<ModelEntry> first = leaving.DownloadModelAsync(EngineHome.Model);
        await Polling.UntilAsync(() => server.Requests.Any(EngineHome.IsLargest));
        var told = new Reports<DownloadReport>();
        Task<ModelEntry> second = staying.DownloadModelAsync(EngineHome.Model, told);
        await Polling.UntilAsync(() => told.All.Any(report => report.Step == DownloadStep.WaitingForOther));
        leaving.Dispose();
        Assert.AreEqual(ModelState.Ready, (await second).State);
        await left.Task;
        await Assert.ThrowsAsync<Exception>(() => first);
    }

    [TestMethod]
    [DataRow(true, EngineError.DownloadFailed, "notFound")]
    [DataRow(false, EngineError.DownloadFailed, "wrongHash")]
    public async Task WhatIsWrongWithASourceIsTold(bool rightHash, EngineError error, string cause)
    {
        await using var server = new TestServer(
            (request, reply) =>
                rightHash && EngineHome.IsLargest(request)
                    ? reply.SendAsync("404 Not Found", "no")
                    : reply.FileAsync(request, EngineHome.Content(request))
        );
        await using var engine = new EngineHome();
        engine.WriteManifest(server, rightHash);
        EngineClient client = await engine.AcceptedAsync();
        var failure = await Assert.ThrowsExactlyAsync<EngineException>(() => client.DownloadModelAsync(EngineHome.Model));
        Assert.AreEqual((error, cause), (failure.Error, failure.Details.Cause), failure.Message);
        Assert.AreEqual(
            EngineError.UnknownModel, (await Assert.ThrowsExactlyAsync<EngineException>(() => client.DownloadModelAsync("../x"))).Error);
        Assert.AreEqual(
            EngineError.BadRequest, (await Assert.ThrowsExactlyAsync<EngineException>(() => client.GetLicenceAsync("none"))).Error);
    }

    [TestMethod]
    public void TheWordsOfTheProtocolAreThoseOfDownloads() =>
        CollectionAssert.AreEqual(Enum.GetNames<DownloadStage>(), Enum.GetNames<DownloadStep>());

    private static async Task<ModelEntry> Entry(EngineClient client) =>
        (await client.ListModelsAsync()).Models.Single(model => model.Name == EngineHome.Model);

    private static long PartLength(EngineHome engine) =>
        File.Exists(engine.Target + ".part") ? new FileInfo(engine.Target + ".part").Length : 0;

    /// <summary>Whether nobody writes a file any more.</summary>
    private static bool IsFree(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
