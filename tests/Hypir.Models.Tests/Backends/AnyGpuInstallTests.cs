using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Hypir.Models.Backends;
using Hypir.Models.Download;
using Hypir.Models.Store;
using Hypir.Models.Tests.Support;
using Hypir.Onnx.Sessions;
using Hypir.Testing;

namespace Hypir.Models.Tests.Backends;

/// <summary>ONNX Runtime's libraries from a server on this machine, in archives with the layout of the real one.</summary>
[TestClass]
public sealed class AnyGpuInstallTests : IDisposable
{
    private const string Archive = "onnxruntime-node-0.tgz";
    private const string Platform = "win-x64";

    private static readonly string[] Files =
    [
        "linux/x64/libonnxruntime.so.1", "linux/x64/onnxruntime_binding.node", "win32/arm64/onnxruntime.dll", "win32/x64/onnxruntime.dll",
        "win32/x64/DirectML.dll", "win32/x64/dxcompiler.dll", "win32/x64/dxil.dll", "win32/x64/onnxruntime_binding.node",
    ];

    private readonly TemporaryFolder _folder = new();

    private BackendStore Store => new(new ModelHome(_folder.Path), BackendKind.AnyGpu);

    public void Dispose() => _folder.Dispose();

    /// <summary>Only the libraries of one system, and the terms; a broken connection is resumed.</summary>
    [TestMethod]
    [DataRow(Platform, "DirectML.dll LICENSES.txt backend.json dxcompiler.dll dxil.dll onnxruntime.dll package.json")]
    [DataRow("linux-x64", "LICENSES.txt backend.json libonnxruntime.so.1 package.json")]
    public async Task OnlyWhatIsNeededIsKept(string platform, string expected)
    {
        byte[] archive = Make(Files);
        await using var server = new TestServer((request, reply) =>
            reply.FileAsync(request, archive, bytes: request.Index == 0 ? archive.Length / 2 : null));
        Backend backend = Make(server.File(Archive), archive, platform);
        InstalledBackend installed = await InstallAsync(backend);
        Assert.AreEqual(archive.Length / 2, server.Requests.Last().From, "What had come is not asked for again.");
        string folder = Store.FolderOf(installed.Name);
        Assert.AreEqual(
            expected,
            string.Join(' ', Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)));
        CollectionAssert.AreEqual(
            Content($"{platform.Replace("win-", "win32-", StringComparison.Ordinal).Replace('-', '/')}/{OnnxArchive.LibraryFor(platform)}"),
            File.ReadAllBytes(Path.Combine(folder, OnnxArchive.LibraryFor(platform))));
        StringAssert.Contains(File.ReadAllText(Path.Combine(folder, OnnxArchive.Licenses)), "Permission is hereby granted");
        Assert.AreEqual(installed, Store.Find(platform));
        Assert.IsFalse(File.Exists(Store.ArchiveOf(backend)), "The archive is larger than what it held.");
    }

    /// <summary>Paths that lead elsewhere, absolute ones and links write nothing.</summary>
    [TestMethod]
    public async Task PathsThatLeadOutOfTheFolderAreNotFollowed()
    {
        const string Wanted = "bin/napi-v6/win32/x64";
        byte[] archive = Make(
            [.. Files.Select(file => file.Replace("dxil", "other", StringComparison.Ordinal))],
            $"../../{Wanted}/dxil.dll", $"package/{Wanted}/../../../../../dxil.dll", "/package/dxil.dll", $"package/../{Wanted}/dxil.dll");
        StoreException failure = await RefusedAsync(archive);
        StringAssert.Contains(failure.Message, "does not contain ONNX Runtime");
        Assert.IsEmpty(Directory.GetFiles(_folder.Path, "dxil.dll", SearchOption.AllDirectories));
    }

    /// <summary>The list has no hash in these cases but the last, so that what is wrong is noticed while the archive is unpacked.</summary>
    [TestMethod]
    [DataRow(0.5, false, "is damaged")]
    [DataRow(1.0, true, "is damaged: its SHA-512 is not the one that its registry published")]
    public async Task ArchivesThatAreCutOffOrAnotherAreRefused(double share, bool another, string expected)
    {
        byte[] archive = Make(Files);
        StringAssert.Contains((await RefusedAsync(archive[..(int)(archive.Length * share)], another)).Message, expected);
    }

    private async Task<StoreException> RefusedAsync(byte[] archive, bool another = false)
    {
        await using var server = new TestServer((request, reply) => reply.FileAsync(request, archive));
        Backend backend = Make(server.File(Archive), another ? [] : archive, Platform);
        backend = backend with { File = backend.File with { Sha256 = null } };
        StoreException failure = await Assert.ThrowsExactlyAsync<StoreException>(() => InstallAsync(backend));
        Assert.IsNull(Store.Find(Platform));
        return failure;
    }

    private async Task<InstalledBackend> InstallAsync(Backend backend)
    {
        using var downloader = new Downloader(new() { FirstWait = TimeSpan.FromMilliseconds(1) });
        return await new BackendInstaller(Store, downloader).InstallAsync(backend, null, null, default);
    }

    private static Backend Make(Uri source, byte[] archive, string platform) => new()
    {
        Name = "test",
        Title = "The test's ONNX Runtime",
        Kind = BackendKind.AnyGpu,
        Platform = platform,
        LibTorch = Version.Parse(OnnxLibrary.Version),
        LeastDriver = new(0, 0),
        LeastCapability = new(0, 0),
        Room = 1000,
        Sha512 = Convert.ToBase64String(SHA512.HashData(archive)),
        File = new(Archive, null, Convert.ToHexStringLower(SHA256.HashData(archive)), [source]),
    };

    private static byte[] Make(IReadOnlyList<string> files, params IReadOnlyList<string> others)
    {
        using var bytes = new MemoryStream();
        using (var packed = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(packed, TarEntryFormat.Ustar))
        {
            foreach (string file in files)
                Write($"package/bin/napi-v6/{file}", Content(file));
            Write("package/package.json", "{\"license\":\"MIT\"}"u8.ToArray());
            Write("package/dist/index.js", []);
            foreach (string other in others)
                Write(other, [1]);
            string link = "package/bin/napi-v6/win32/x64/dxil.dll";
            tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, link) { LinkName = "/etc/passwd" });

            void Write(string name, byte[] content) => tar.WriteEntry(
                new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        return bytes.ToArray();
    }

    private static byte[] Content(string file) => new Payload(50_000, file.Length).Bytes;
}
