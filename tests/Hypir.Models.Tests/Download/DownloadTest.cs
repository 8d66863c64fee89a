using Hypir.Models.Download;
using Hypir.Models.Tests.Support;

namespace Hypir.Models.Tests.Download;

/// <summary>A test that downloads one file from servers of its own.</summary>
public abstract class DownloadTest
{
    // Waits are short, and the watchdog is impatient: a server that stalls in these tests stalls for ever, so its patience decides nothing
    // but how long they take.
    private protected static readonly DownloadSettings Quick = new()
    {
        Stall = TimeSpan.FromSeconds(2),
        FirstWait = TimeSpan.FromMilliseconds(1),
        LongestWait = TimeSpan.FromSeconds(5),
        Tries = 3,
    };

    private string _folder = "";

    private protected Payload Payload { get; } = new();

    private protected string Target => File("model.safetensors");

    private protected string Part => Target + ".part";

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("hypir-download-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    private protected string File(string name) => Path.Combine(_folder, name);

    private protected string[] Files =>
        [.. Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Downloads with size and hash known.</summary>
    private protected Task<DownloadResult> Get(params Uri[] sources) => GetFile(Payload.Bytes.Length, Payload.Sha256, sources);

    private protected Task<DownloadResult> GetFile(long? size, string? sha256, params Uri[] sources) =>
        Get(Quick, size, sha256, null, sources);

    private protected async Task<DownloadResult> Get(
        DownloadSettings settings, long? size, string? sha256, ProgressLog? log, params Uri[] sources)
    {
        using var downloader = new Downloader(settings);
        return await downloader.DownloadAsync(new DownloadRequest(Target, sources, size, sha256), log);
    }

    /// <summary>Fails where the download does not fail in this way, and returns how it did. The file's name must not be there.</summary>
    private protected async Task<DownloadException> Fails(DownloadErrorKind kind, Func<Task> download)
    {
        var failure = await Assert.ThrowsExactlyAsync<DownloadException>(download);
        Assert.AreEqual(kind, failure.Kind, failure.Message);
        Assert.IsFalse(System.IO.File.Exists(Target), "An incomplete or wrong file has the final name.");
        return failure;
    }

    /// <summary>Fails where the file is not there, whole, and alone.</summary>
    private protected void IsWhole()
    {
        CollectionAssert.AreEqual(Payload.Bytes, System.IO.File.ReadAllBytes(Target));
        CollectionAssert.AreEqual((string[])["model.safetensors"], Files);
    }
}
