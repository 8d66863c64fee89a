using System.Diagnostics;
using Hypir.Models.Store;
using Hypir.Models.Tests.Support;
using Hypir.Testing;

namespace Hypir.Models.Tests.Commands;

/// <summary><c>hypir models pull</c> as a process, from a server on this machine.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class PullTests : IDisposable
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("HYPIR_LONG") == "1";

    private readonly Payload _payload = new(3_000_000);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public async Task TheLicenceIsShownAndAcceptedOnce()
    {
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, _payload.Bytes));
        WriteManifest(server);
        var first = await Run("models", "pull", "thing");
        Assert.AreEqual(ExitCode.Usage, first.Code, first.Error);
        StringAssert.Contains(first.Output, "The terms of the test");
        Assert.AreEqual(0, server.Requests.Count, "Nothing is downloaded before the license is accepted.");

        var second = await Run("models", "pull", "thing", "--accept-license");
        Assert.AreEqual(ExitCode.Success, second.Code, second.Error);
        IsWhole();
        var acceptance = new ModelStore(Store).Read().Licences["test"];
        Assert.IsTrue(DateTimeOffset.UtcNow - acceptance.Accepted < TimeSpan.FromHours(1) && acceptance.TextSha256.Length == 64);

        Assert.AreEqual(ExitCode.Success, (await Run("models", "remove", "thing")).Code);
        var third = await Run("models", "pull", "thing");
        Assert.AreEqual(ExitCode.Success, third.Code, third.Error);
        Assert.IsFalse(third.Output.Contains("The terms of the test", StringComparison.Ordinal), "It is shown once.");
        IsWhole();
        StringAssert.Contains((await Run("models", "license", "thing")).Output, "Accepted on this machine");
    }

    [TestMethod]
    public async Task TheFirstDownloadOfAnUnverifiedFileIsWhatLaterOnesAreHeldTo()
    {
        byte[] now = _payload.Bytes;
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, now));
        WriteManifest(server, verified: false);
        StringAssert.Contains((await Run("models", "list")).Output, "1 of 1 hashes unverified");
        Assert.AreEqual(ExitCode.Success, (await Run("models", "pull", "thing", "--accept-licence")).Code);
        StringAssert.Contains((await Run("models", "list")).Output, "1 of 1 hashes pinned here");

        // Damaged on the disk, and replaced by somebody on the server: not silently taken.
        await File.WriteAllBytesAsync(Target, _payload.Corrupt(5));
        Assert.AreEqual(ExitCode.BadFile, (await Run("models", "verify", "thing")).Code);
        now = _payload.Corrupt(9);
        var refused = await Run("models", "pull", "thing");
        Assert.AreEqual(ExitCode.NoDownload, refused.Code, refused.Error);
        StringAssert.Contains(refused.Error, "SHA-256 does not match");
        now = _payload.Bytes;
        Assert.AreEqual(ExitCode.Success, (await Run("models", "pull", "thing")).Code);
        Assert.AreEqual(ExitCode.Success, (await Run("models", "verify", "thing")).Code);
        IsWhole();
    }

    [TestMethod]
    public async Task AFolderThatIsThereAlreadyIsASource()
    {
        await using var server = new TestServer((_, reply) => reply.SendAsync("404 Not Found", ""));
        WriteManifest(server);
        await File.WriteAllBytesAsync(_folder.File("mine", "weights.bin"), _payload.Bytes);
        var run = await Run("models", "pull", "thing", "--accept-licence", "--from", "mine");
        Assert.AreEqual(ExitCode.Success, run.Code, run.Error);
        IsWhole();
        Assert.AreEqual(0, server.Requests.Count);
    }

    [TestMethod]
    public async Task AProcessThatIsKilledLosesNothing()
    {
        int kills = Long ? 30 : 5;
        var random = new Random(kills);
        int[] places = [.. Enumerable.Range(0, kills).Select(_ => random.Next(1, _payload.Bytes.Length)).Order()];
        var running = new Process?[1];
        await using var server = new TestServer(
            async (request, reply) =>
            {
                int from = (int)(request.From ?? 0);
                if (request.Index >= places.Length)
                {
                    await reply.FileAsync(request, _payload.Bytes);
                    return;
                }

                // As many bytes as bring the client to the place; then it dies: when it has them all, or, every third time, wherever it is
                // with them.
                await reply.FileAsync(request, _payload.Bytes, bytes: Math.Max(0, places[request.Index] - from));
                await Polling.UntilAsync(
                    () => request.Index % 3 == 2 || running[0]!.HasExited || PartLength() >= places[request.Index]);
                running[0]!.Kill();
                await reply.StallAsync();
            }
        );
        WriteManifest(server);
        Assert.AreEqual(ExitCode.Success, (await Run("models", "licence", "thing", "--accept-licence")).Code);
        int length = 0;
        for (int i = 0; i < kills; i++)
        {
            using var process = BuiltProgram.Engine.Start(_folder.Path, "models", "pull", "thing", "--manifest", Manifest);
            running[0] = process;
            var end = await BuiltProgram.FinishAsync(process);
            Assert.AreNotEqual(ExitCode.Success, end.Code);
            Assert.IsFalse(File.Exists(Target), "The final name is there before the file is whole.");
            int now = PartLength();
            Assert.IsTrue(now >= length, $"Of {length} bytes only {now} are left.");
            CollectionAssert.AreEqual(_payload.Bytes[..now], await ReadPart(now));
            length = now;
        }

        var whole = await Run("models", "pull", "thing");
        Assert.AreEqual(ExitCode.Success, whole.Code, whole.Error);
        IsWhole();
        Assert.IsTrue(length >= places[0], "Nothing had come before any kill: nothing was tested.");
        Assert.AreEqual(length, server.Requests.Last().From, "What had come is not asked for again.");
    }

    [TestMethod]
    public async Task TwoProcessesDownloadAFileOnce()
    {
        var both = new TaskCompletionSource();
        await using var server = new TestServer(
            async (request, reply) =>
            {
                await both.Task;
                await reply.FileAsync(request, _payload.Bytes);
            }
        );
        WriteManifest(server);
        Assert.AreEqual(ExitCode.Success, (await Run("models", "licence", "thing", "--accept-licence")).Code);
        using var first = BuiltProgram.Engine.Start(_folder.Path, "models", "pull", "thing", "--manifest", Manifest);
        using var second = BuiltProgram.Engine.Start(_folder.Path, "models", "pull", "thing", "--manifest", Manifest);
        // Whichever of them waits says so.
        Process[] processes = [first, second];
        var waits = processes.Select(async process => await process.StandardError.ReadLineAsync()).ToArray();
        string? line = await await Task.WhenAny(waits);
        StringAssert.Contains(line, "another process that is downloading it");
        both.SetResult();
        foreach (var process in processes)
        {
            await Task.WhenAll(waits);
            Assert.AreEqual(ExitCode.Success, (await BuiltProgram.FinishAsync(process)).Code);
        }

        IsWhole();
        Assert.AreEqual(1, server.Requests.Count);
    }

    [TestMethod]
    public async Task AProxyThatRefusesIsNamed()
    {
        await using var proxy = new TestServer((_, reply) => reply.SendAsync("407 Proxy Authentication Required", "no"));
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, _payload.Bytes));
        WriteManifest(server, "http://models.example");
        Assert.AreEqual(ExitCode.Success, (await Run("models", "licence", "thing", "--accept-licence")).Code);
        foreach (string variable in (string[])["HTTP_PROXY", "http_proxy"])
        {
            using var process = BuiltProgram.Engine.Start(
                _folder.Path,
                new Dictionary<string, string> { [variable] = proxy.Root },
                "models",
                "pull",
                "thing",
                "--manifest",
                Manifest
            );
            var end = await BuiltProgram.FinishAsync(process);
            if (proxy.Requests.IsEmpty)
                continue;
            Assert.AreEqual(ExitCode.NoDownload, end.Code, end.Error);
            StringAssert.Contains(end.Error, "proxy");
            StringAssert.StartsWith(proxy.Requests.First().Target, "http://models.example/");
            return;
        }

        Assert.Fail("The proxy was not used.");
    }

    private string Manifest => Path.Combine(_folder.Path, "models.yaml");

    private string Store => Path.Combine(_folder.Path, BuiltProgram.Home, "models");

    private string Target => Path.Combine(Store, "thing", "weights.bin");

    private Task<ProgramRun> Run(params string[] arguments) =>
        BuiltProgram.Engine.RunAsync(_folder.Path, [.. arguments, "--manifest", Manifest]);

    private int PartLength() => File.Exists(Target + ".part") ? (int)new FileInfo(Target + ".part").Length : 0;

    private async Task<byte[]> ReadPart(int length) => length == 0 ? [] : (await File.ReadAllBytesAsync(Target + ".part"))[..length];

    private void WriteManifest(TestServer server, string? root = null, bool verified = true) =>
        File.WriteAllText(
            Manifest,
            $$"""
            format: 1
            licences:
              test: { name: License of the test, summary: The terms of the test, address: "https://terms.example" }
            entries:
              - name: thing
                kind: training
                licence: test
                sources: [{ url: "{{root ?? server.Root}}/{path}" }]
                files: [{ path: weights.bin, size: {{(verified ? _payload.Bytes.Length : "unverified")}}, sha256: {{(
                verified ? _payload.Sha256 : "unverified"
            )}} }]
            """
        );

    private void IsWhole()
    {
        CollectionAssert.AreEqual(_payload.Bytes, File.ReadAllBytes(Target));
        CollectionAssert.AreEqual(
            (string[])["weights.bin"], Directory.GetFiles(Path.GetDirectoryName(Target)!).Select(file => Path.GetFileName(file)).ToArray());
    }
}
