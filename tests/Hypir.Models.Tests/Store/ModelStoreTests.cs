using Hypir.Models.Download;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Models.Tests.Support;
using Hypir.Testing;

namespace Hypir.Models.Tests.Store;

[TestClass]
public sealed class ModelStoreTests
{
    private readonly Manifest _manifest = Manifest.BuiltIn();

    [TestMethod]
    public async Task OwnLoraWeightsBecomeAModelWithOneCall()
    {
        using var folder = new TemporaryFolder();
        using var downloader = new Downloader();
        var store = new ModelStore(folder.File("store"));
        var adder = new ModelAdder(store, _manifest, AppContext.BaseDirectory, downloader);
        string lora = Goldens.Require("tiny-lora", "state_dict.pth"), model = ModelCopy.Make(folder);

        var failure = await Assert.ThrowsExactlyAsync<StoreException>(() => adder.AddAsync(lora, new AddModelOptions(), null, default));
        StringAssert.Contains(failure.Message, "fit none");
        await adder.AddAsync(model, new AddModelOptions(), null, default);
        var (name, entry, _) = await adder.AddAsync(
            lora, new AddModelOptions { Name = "mine", Defaults = new ModelDefaults(CoeffT: 180) }, null, default);
        Assert.AreEqual(("mine", "tiny"), (name, entry.Base));
        Assert.AreEqual(
            new ResolvedModel("mine", model, lora, new ModelDefaults(CoeffT: 180)),
            store.Find("mine", _manifest, AppContext.BaseDirectory)
        );

        await Assert.ThrowsExactlyAsync<StoreException>(() => store.RemoveAsync("tiny"));
        await store.RemoveAsync("mine");
        await store.RemoveAsync("tiny");
        Assert.IsTrue(File.Exists(lora) && Directory.Exists(model), "What is linked stays.");
        Assert.AreEqual(0, store.Read().Entries.Count);
    }

    [TestMethod]
    public async Task CopiesAreWholeAndBelongToTheStore()
    {
        using var folder = new TemporaryFolder();
        using var downloader = new Downloader();
        var store = new ModelStore(folder.File("store"));
        string model = ModelCopy.Make(folder);
        File.WriteAllText(Path.Combine(model, "unet", "diffusion_pytorch_model.fp16.safetensors"), "other precisions stay out");
        var (_, entry, _) = await new ModelAdder(store, _manifest, AppContext.BaseDirectory, downloader).AddAsync(
            model, new AddModelOptions { Name = "copy", Copy = true }, null, default);
        Directory.Delete(model, recursive: true);
        string path = store.Find("copy", _manifest, AppContext.BaseDirectory)!.Path;
        Assert.AreEqual(EntryKind.Base, Models.Detection.ModelDetector.Detect(path).Kind);
        Assert.IsFalse(Directory.GetFiles(path, "*fp16*", SearchOption.AllDirectories).Length > 0);
        Assert.IsTrue(entry.Files.All(file => file.Sha256 is not null));
        await store.RemoveAsync("copy");
        Assert.IsFalse(Directory.Exists(path));
    }

    [TestMethod]
    public async Task LoraWeightsFitASingleFileByItsOwnNames()
    {
        using var folder = new TemporaryFolder();
        using var downloader = new Downloader();
        var store = new ModelStore(folder.File("store"));
        string wide = folder.File("wide.safetensors");
        SparseWeights.Write(wide, SparseWeights.FullSizeSingleFile());
        await new ModelAdder(store, _manifest, AppContext.BaseDirectory, downloader).AddAsync(
            wide, new AddModelOptions { Name = "one" }, null, default);
        Assert.AreEqual(wide, store.Find("one", _manifest, AppContext.BaseDirectory)!.Path);
        string lora = folder.File("lora.safetensors");
        SparseWeights.Write(lora, SparseWeights.FullSize("lora"));
        var (_, entry, _) = await new ModelAdder(store, _manifest, AppContext.BaseDirectory, downloader).AddAsync(
            lora, new AddModelOptions(), null, default);
        Assert.AreEqual("one", entry.Base);

        // A copied single file is chosen as a file, too.
        var (_, copy, _) = await new ModelAdder(store, _manifest, AppContext.BaseDirectory, downloader).AddAsync(
            Goldens.Require("tiny-lora", "state_dict.pth"),
            new AddModelOptions
            {
                Name = "copied",
                Copy = true,
                Base = (await AddTiny()).Name,
            },
            null,
            default
        );
        Assert.IsTrue(File.Exists(store.Find("copied", _manifest, AppContext.BaseDirectory)!.Lora));
        Assert.IsFalse(copy.Linked);

        Task<(string Name, StoredEntry, Models.Detection.DetectedModel)> AddTiny() =>
            new ModelAdder(store, _manifest, AppContext.BaseDirectory, downloader).AddAsync(
                ModelCopy.Make(folder), new AddModelOptions(), null, default);
    }

    [TestMethod]
    public async Task ChangesAreFoundAndUnknownHashesPinned()
    {
        using var folder = new TemporaryFolder();
        using var downloader = new Downloader();
        var store = new ModelStore(folder.File("store"));
        string model = ModelCopy.Make(folder),
            weights = Directory.GetFiles(Path.Combine(model, "unet"), "*.safetensors").First();
        await new ModelAdder(store, _manifest, AppContext.BaseDirectory, downloader).AddAsync(
            model, new AddModelOptions { Name = "m" }, null, default);
        Assert.IsTrue((await Verify()).All(check => check == FileCheck.PinnedNow));
        Assert.IsTrue((await Verify()).All(check => check == FileCheck.Right));

        byte[] bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Assert.AreEqual(1, (await Verify()).Count(check => check == FileCheck.WrongHash));
        File.WriteAllBytes(weights, bytes[..^1]);
        Assert.AreEqual(1, (await Verify()).Count(check => check == FileCheck.WrongLength));
        File.Delete(weights);
        Assert.AreEqual(1, (await Verify()).Count(check => check == FileCheck.Missing));

        async Task<FileCheck[]> Verify() =>
            [.. (await new ModelVerifier(store).VerifyAsync("m", null, default)).Select(pair => pair.Check)];
    }

    [TestMethod]
    public async Task ManyChangesAtOnceAreAllKept()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("store");
        var licenses = Enumerable.Range(0, 20).Select(i => new License($"l{i}", "N", "S", "A")).ToArray();
        await Task.WhenAll(
            licenses.Select(license => Task.Run(() => Licenses.AcceptAsync(new ModelStore(path), license, DateTimeOffset.UnixEpoch))));
        var index = new ModelStore(path).Read();
        Assert.IsTrue(licenses.All(license => Licenses.IsAccepted(index, license)));
        Assert.IsFalse(Licenses.IsAccepted(index, licenses[0] with { Quote = "other words" }), "Another text is another license.");
    }

    [TestMethod]
    public async Task WhatIsNotPulledCannotBeUsedYet()
    {
        using var folder = new TemporaryFolder();
        var store = new ModelStore(folder.File("store"));
        StringAssert.Contains(
            Assert.ThrowsExactly<StoreException>(() => store.Find("hypir", _manifest, AppContext.BaseDirectory)).Remedy, "pull hypir");
        Assert.IsNull(store.Find("nobody", _manifest, AppContext.BaseDirectory));
        using var downloader = new Downloader();
        await Assert.ThrowsExactlyAsync<StoreException>(() =>
            new ModelPuller(store, _manifest, downloader).PullAsync("hypir", null, null, default)
        );
        Assert.ThrowsExactly<StoreException>(() => store.FolderOf("../x"));
    }

    [TestMethod]
    public void ADamagedIndexIsSaid()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("store", "index.json"), "{");
        StringAssert.Contains(
            Assert.ThrowsExactly<StoreException>(() => new ModelStore(Path.Combine(folder.Path, "store")).Read()).Message, "damaged");
    }
}
