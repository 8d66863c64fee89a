using Hypir.Models.Backends;
using Hypir.Planning.Machine;
using Hypir.Testing;

namespace Hypir.Models.Tests.Backends;

/// <summary>The list of GPU backends, and what it is held against.</summary>
[TestClass]
public sealed class BackendListTests : IDisposable
{
    private const string Right = """
        format: 1
        backends:
          - name: mine
            title: My libtorch
            platform: win-x64
            libtorch: 2.10.0
            least_driver: "528.33"
            least_capability: "7.5"
            room: 1_000
            file: { path: a+b.zip, size: 5, sha256: unverified, sources: [{ url: "https://host.example/a%2Bb.zip" }] }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void TheProgramsOwnListHasOneForWindowsThatTorchSharpCanUse()
    {
        var backend = BackendList.Load(Path.Combine(_folder.Path, "none.yaml")).Single(
            backend => backend is { Platform: "win-x64", Kind: BackendKind.Cuda });
        Assert.AreEqual(NativeTorch.Needed, backend.LibTorch);
        Assert.IsTrue(backend.File.Sources.All(source => source.Scheme == Uri.UriSchemeHttps));
        Assert.AreEqual(
            NativeTorch.Needed, Version.Parse(Version.Parse(TorchSharp.torch.__version__).ToString(3)),
            "TorchSharp is bound to another libtorch than the program believes.");
    }

    /// <summary>The version is that of the .NET package, and what the registry published is pinned.</summary>
    [TestMethod]
    [DataRow("win-x64")]
    [DataRow("linux-x64")]
    public void ForAnyGpuThereIsOnePinnedArchiveForEachSystem(string platform)
    {
        Backend backend = BackendList.Load(Path.Combine(_folder.Path, "none.yaml")).Single(
            backend => backend.Platform == platform && backend.Kind == BackendKind.AnyGpu);
        Assert.AreEqual(Hypir.Onnx.Sessions.OnnxLibrary.Version, backend.LibTorch.ToString());
        Assert.AreEqual(512 / 8, Convert.FromBase64String(backend.Sha512!).Length);
        Assert.IsNotNull(backend.File.Sha256);
        Assert.IsGreaterThan(backend.File.Size!.Value + 46_000_000, backend.Room);
        Assert.IsTrue(backend.File.Sources.All(source => source.Scheme == Uri.UriSchemeHttps));
    }

    [TestMethod]
    public void APersonsListComesFirstAndReplacesByName()
    {
        string own = _folder.File("backends.yaml");
        File.WriteAllText(own, Right);
        var both = BackendList.Load(own);
        Assert.AreEqual("mine", both[0].Name);
        Assert.AreEqual(
            (1000L, 5L, (string?)null, "/a%2Bb.zip"),
            (both[0].Room, both[0].File.Size!.Value, both[0].File.Sha256, both[0].File.Sources.Single().AbsolutePath));
        string name = both[^1].Name;
        File.WriteAllText(own, Right.Replace("name: mine", $"name: {name}", StringComparison.Ordinal));
        Assert.AreEqual("My libtorch", BackendList.Load(own).Single(backend => backend.Name == name).Title);
    }

    [TestMethod]
    [DataRow("format: 1", "format: 2", "format 2")]
    [DataRow("name: mine", "name: ../mine", "its name")]
    [DataRow("libtorch: 2.10.0", "libtorch: new", "are versions")]
    [DataRow("least_driver: \"528.33\"", "least_driver: any", "are versions")]
    [DataRow("room: 1_000", "room: much", "room")]
    [DataRow("room: 1_000", "room: 1_000\n    integrity: md5-1", "sha512-")]
    [DataRow("path: a+b.zip", "path: ../a.zip", "path")]
    [DataRow("sha256: unverified", "sha256: 12", "sha256")]
    [DataRow("https://host.example", "ftp://host.example", "source")]
    [DataRow("title: My libtorch", "tittle: My libtorch", "tittle")]
    public void AListThatIsNotInOrderIsRefusedWithItsPlace(string right, string wrong, string told)
    {
        var failure = Assert.ThrowsExactly<StoreException>(() =>
            BackendList.Parse(Right.Replace(right, wrong, StringComparison.Ordinal), "list.yaml")
        );
        StringAssert.Contains(failure.Message, "list.yaml");
        StringAssert.Contains(failure.Message, told);
    }

    [TestMethod]
    [DataRow("win-x64", null, "", "No NVIDIA GPU")]
    [DataRow("win-x64", "528.32", "8.6", "too old: My libtorch needs 528.33")]
    [DataRow("win-x64", "nonsense", "8.6", "too old")]
    [DataRow("win-x64", "581.15", "", "no GPU responds")]
    [DataRow("win-x64", "581.15", "6.1", "compute capability 6.1")]
    [DataRow("win-x64", "581.15", "6.1 7.5", null)]
    [DataRow("win-x64", "528.33", "12.0", null)]
    [DataRow("win-arm64", "581.15", "8.6", "this machine is win-arm64")]
    public void GpuAndDriverAreHeldAgainstIt(string platform, string? driver, string capabilities, string? problem)
    {
        var gpus = capabilities
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select((capability, i) => ($"GPU {i}", Version.Parse(capability)));
        var obstacle = new GpuMachine(platform, driver, [.. gpus]).Obstacle(BackendList.Parse(Right, "list.yaml").Single());
        Assert.AreEqual(problem is null, obstacle is null, obstacle?.Problem);
        if (problem is not null)
            StringAssert.Contains(obstacle!.Value.Problem, problem);
    }
}
