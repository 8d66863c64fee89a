using Hypir.Models.Download;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;
using Hypir.Testing;

namespace Hypir.Models.Tests.Store;

/// <summary>Single-pass models in the store: of one file, or of ncnn's two.</summary>
[TestClass]
public sealed class SinglePassStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Downloader _downloader = new();
    private readonly Manifest _manifest = Manifest.BuiltIn();

    private ModelStore Store => new(_folder.File("store"));

    public void Dispose()
    {
        _folder.Dispose();
        _downloader.Dispose();
    }

    [TestMethod]
    public async Task Both_files_of_an_ncnn_network_are_added_whichever_is_named()
    {
        string param = _folder["Net_x2.param"], weights = _folder["Net_x2.bin"];
        using (SeededTensors tensors = SeededNetworks.Compact(2))
            NcnnWriter.Compact(tensors, 2, half: true).Save(param);
        var (name, linked, detected) = await AddAsync(weights, new());
        Assert.AreEqual(("net_x2", true, true), (name, linked.Linked, detected.IsSinglePass));
        CollectionAssert.AreEqual((string[])["Net_x2.param", "Net_x2.bin"], linked.Files.Select(file => file.Path).ToArray());
        Assert.AreEqual(param, PathOf(name));
        await AddAsync(param, new() { Name = "copy", Copy = true });
        await AreWhole(name);
        await AreWhole("copy");

        await Store.RemoveAsync(name);
        Assert.IsTrue(File.Exists(param) && File.Exists(weights), "What is linked stays.");
        File.Delete(param);
        File.Delete(weights);
        using (SinglePassFile file = SinglePassFile.Open(PathOf("copy")))
            Assert.AreEqual(2, file.Outline.Scale);
        File.Delete(Path.ChangeExtension(PathOf("copy"), ".bin"));
        CollectionAssert.AreEqual((FileCheck[])[FileCheck.Right, FileCheck.Missing], await VerifyAsync("copy"));
    }

    [TestMethod]
    public async Task No_network_takes_the_name_of_the_automatic_choice()
    {
        string source = Goldens.Require("single-pass", "compact-x2.pth");
        StoreException refusal =
            await Assert.ThrowsExactlyAsync<StoreException>(() => AddAsync(source, new() { Name = "auto", Copy = true }));
        StringAssert.Contains(refusal.Message, "automatic choice");
        Assert.IsEmpty(Store.Read().Entries);
    }

    [TestMethod]
    public async Task A_network_that_was_pulled_is_its_file()
    {
        string source = Goldens.Require("single-pass", "compact-x2.pth");
        Manifest manifest = ManifestReader.Parse(
            $"""
            format: 1
            entries:
              - name: small
                kind: base
                files: [ path: compact-x2.pth ]
                sources: [ folder: '{Path.GetDirectoryName(source)}' ]
            """, "test", _manifest);
        await new ModelPuller(Store, manifest, _downloader).PullAsync("small", null, null, default);
        string path = Store.Find("small", manifest, AppContext.BaseDirectory)!.Path;
        using (ITensorSource file = CheckpointFile.Open(path))
            Assert.AreNotEqual(0, file.Tensors.Count);
        await AreWhole("small");
        await Store.RemoveAsync("small");
        Assert.IsFalse(File.Exists(path));
    }

    private Task<(string Name, StoredEntry Entry, Models.Detection.DetectedModel Detected)> AddAsync(string path, AddModelOptions wish) =>
        new ModelAdder(Store, _manifest, AppContext.BaseDirectory, _downloader).AddAsync(path, wish, null, default);

    private string PathOf(string name) => Store.Find(name, _manifest, AppContext.BaseDirectory)!.Path;

    private async Task AreWhole(string name) =>
        Assert.IsTrue((await VerifyAsync(name)).All(check => check is FileCheck.Right or FileCheck.PinnedNow), name);

    private async Task<FileCheck[]> VerifyAsync(string name) =>
        [.. (await new ModelVerifier(Store).VerifyAsync(name, null, default)).Select(pair => pair.Check)];
}
