using System.Diagnostics;
using System.Security.Cryptography;
using Hypir.Models.Tests.Support;
using Hypir.Planning.Machine;
using Hypir.Testing;

namespace Hypir.Models.Tests.Backends;

/// <summary>
/// <c>hypir gpu</c> as a process, with archives from a server on this machine. None of these machines has a GPU: what needs one is asked
/// for all the same.
/// </summary>
[TestClass]
public sealed class GpuCommandTests : IDisposable
{
    private readonly BackendHome _home = new();

    public void Dispose() => _home.Dispose();

    [TestMethod]
    public async Task WithoutAGpuNothingIsDownloadedAndTheReasonIsTold()
    {
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, BackendHome.Make()));
        _home.WriteList(server.Root);
        var run = await Run("gpu", "install", "cuda");
        if (run.Code == ExitCode.Success)
            Assert.Inconclusive("This machine has a GPU.");
        Assert.AreEqual(ExitCode.Usage, run.Code, run.Error);
        StringAssert.Contains(run.Error, "NVIDIA");
        Assert.IsEmpty(server.Requests);
        var status = await Run("gpu", "status");
        StringAssert.Contains(status.Output, "not installed");
        StringAssert.Contains(status.Output, "NVIDIA");
    }

    [TestMethod]
    public async Task AProcessThatIsKilledGoesOnWhereItStoppedAndOnlyLibrariesAreUnpacked()
    {
        byte[] archive = BackendHome.Make();
        Process? running = null;
        await using var server = new TestServer(async (request, reply) =>
        {
            await reply.FileAsync(request, archive, bytes: request.Index == 0 ? archive.Length / 2 : null);
            if (request.Index > 0)
                return;
            await Polling.UntilAsync(() => PartLength() >= archive.Length / 2);
            running!.Kill();
            await reply.StallAsync();
        });
        _home.WriteList(server.Root);
        using (running = BuiltProgram.Engine.Start(_home.Folder.Path, "gpu", "install", "cuda", "--anyway"))
            Assert.AreNotEqual(ExitCode.Success, (await BuiltProgram.FinishAsync(running)).Code);
        Assert.IsFalse(Directory.Exists(_home.Installed));
        StringAssert.Contains((await Run("gpu", "status")).Output, "not installed");

        var run = await Run("gpu", "install", "cuda", "--anyway");
        Assert.AreEqual(ExitCode.Success, run.Code, run.Error);
        Assert.AreEqual(archive.Length / 2, server.Requests.Last().From, "What had come is not asked for again.");
        StringAssert.Contains(
            run.Output, Convert.ToHexStringLower(SHA256.HashData(archive)), "No hash was known, so the received one is printed.");
        string[] files = [.. Directory.GetFiles(_home.Installed).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(
            new[]
            {
                "backend.json",
                "build-version",
                NativeTorch.FileOf("c10"),
                NativeTorch.FileOf("outside"),
                NativeTorch.FileOf("torch"),
                NativeTorch.FileOf("torch_cpu"),
            }
                .Order(StringComparer.Ordinal)
                .ToArray(),
            files
        );
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(_home.Store, "downloads")), "The archive is as large as what it held.");
        StringAssert.Contains((await Run("gpu", "status")).Output, "The test's libtorch is installed");

        int requests = server.Requests.Count;
        Assert.AreEqual(ExitCode.Success, (await Run("gpu", "install", "cuda", "--anyway")).Code);
        Assert.AreEqual(requests, server.Requests.Count, "What is here is not downloaded again.");
        Assert.AreEqual(ExitCode.Success, (await Run("gpu", "remove")).Code);
        Assert.IsEmpty(Directory.GetDirectories(_home.Store));
        StringAssert.Contains((await Run("gpu", "status")).Output, "not installed");
    }

    [TestMethod]
    [DataRow(false, "2.10.0+test", "does not contain libtorch")]
    [DataRow(true, "2.9.1+test", "does not contain libtorch 2.10.0")]
    public async Task AnArchiveOfSomethingElseIsNotInstalled(bool whole, string version, string told)
    {
        await File.WriteAllBytesAsync(_home.Folder.File("stick", BackendHome.Archive), BackendHome.Make(version, whole));
        _home.WriteList("http://127.0.0.1:1");
        var run = await Run("gpu", "install", "cuda", "--anyway", "--from", "stick");
        Assert.AreEqual(ExitCode.BadFile, run.Code, run.Error);
        StringAssert.Contains(run.Error, told);
        Assert.IsFalse(Directory.Exists(_home.Installed));
    }

    [TestMethod]
    public async Task AnArchiveThatIsCutOffOrHasAnotherHashIsNotInstalled()
    {
        byte[] archive = BackendHome.Make();
        await File.WriteAllBytesAsync(_home.Folder.File("stick", BackendHome.Archive), archive[..^2000]);
        _home.WriteList("http://127.0.0.1:1");
        var damaged = await Run("gpu", "install", "cuda", "--anyway", "--from", "stick");
        Assert.AreEqual(ExitCode.BadFile, damaged.Code, damaged.Error);
        StringAssert.Contains(damaged.Error, "damaged");
        _home.WriteList("http://127.0.0.1:1", sha256: new string('0', 64));
        await File.WriteAllBytesAsync(_home.Folder.File("stick", BackendHome.Archive), archive);
        var other = await Run("gpu", "install", "cuda", "--anyway", "--from", Path.Combine("stick", BackendHome.Archive));
        Assert.AreEqual(ExitCode.NoDownload, other.Code, other.Error);
        StringAssert.Contains(other.Error, "SHA-256 does not match");
        Assert.IsFalse(Directory.Exists(_home.Installed));
    }

    [TestMethod]
    public async Task SpaceIsAskedForBeforeAnythingIsDownloaded()
    {
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, BackendHome.Make()));
        _home.WriteList(server.Root, room: long.MaxValue / 4);
        var run = await Run("gpu", "install", "cuda", "--anyway");
        Assert.AreEqual(ExitCode.CannotWrite, run.Code, run.Error);
        StringAssert.Contains(run.Error, "free");
        Assert.IsEmpty(server.Requests);
    }

    private long PartLength() => File.Exists(_home.Part) ? new FileInfo(_home.Part).Length : 0;

    private Task<ProgramRun> Run(params string[] arguments) => BuiltProgram.Engine.RunAsync(_home.Folder.Path, arguments);
}
