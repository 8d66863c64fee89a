using System.IO.Compression;
using System.Text.Json;
using Hypir.Engine.Commands.Models;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Models.Tests.Support;
using Hypir.Testing;

namespace Hypir.Models.Tests.Commands;

/// <summary>The other commands on models, and the doctor, as processes.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class ModelsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public async Task AddedWeightsAreListedVerifiedUsedAndRemoved()
    {
        string model = ModelCopy.Make(_folder), lora = Goldens.Require("tiny-lora", "state_dict.safetensors");
        await Succeeds("models", "add", model);
        StringAssert.Contains(await Succeeds("models", "add", lora, "--name", "mine"), "on tiny");
        StringAssert.Contains(await Succeeds("models", "list"), "mine");
        var rows = (await Succeeds("models", "list", "--json"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .ToArray();
        Assert.AreEqual("tiny", rows.Single(row => row.GetProperty("name").GetString() == "mine").GetProperty("base").GetString());
        await Succeeds("models", "verify");
        File.Copy(
            Directory.GetFiles(Repository.Root, "*.png", SearchOption.AllDirectories).OrderBy(file => new FileInfo(file).Length).First(),
            _folder.File("in.png"));
        StringAssert.Contains(await Succeeds("restore", "in.png", "--model", "mine", "--dry-run"), "model tiny");
        await Succeeds("models", "remove", "mine");
        await Succeeds("models", "remove", "tiny");
        Assert.IsTrue(Directory.Exists(model));
        var gone = await BuiltProgram.Engine.RunAsync(_folder.Path, "restore", "in.png", "--model", "mine", "--dry-run");
        Assert.AreEqual(ExitCode.BadFile, gone.Code);
        StringAssert.Contains(gone.Error, "hypir models list");
    }

    [TestMethod]
    public async Task SinglePassNetworksAreAddedWithWhatTheyNeed()
    {
        using (SeededTensors weights = SeededNetworks.Compact(4, channels: 1))
            NcnnWriter.Compact(weights, 4, half: true).Save(_folder.File("gray.param"));
        using (SeededTensors weights = SeededNetworks.Compact(2))
            NcnnWriter.Compact(weights, 4, half: true).Save(_folder.File("wrong.param"));
        var run = await BuiltProgram.Engine.RunAsync(
            _folder.Path, "models", "add", Goldens.Require("single-pass", "compact-x2.pth"), "gray.bin", "wrong.param");
        Assert.AreEqual(ExitCode.SomeFailed, run.Code, run.Error);
        StringAssert.Contains(run.Error, "wrong.param");
        StringAssert.Matches(
            run.Output,
            new("""
                compact-x2: Compact, 2x, .* features, .* convolutions
                  512x512 to 1024x1024: about [0-9.]+ [MG]B, (about .*|time unknown before the first run here)
                  linked: [0-9.]+ [a-zA-Z]+, .*compact-x2\.pth
                gray: Compact, 4x, 7 features, 2 convolutions, gray
                  512x512 to 2048x2048: about [0-9.]+ [MG]B, .*
                  linked: [0-9.]+ [a-zA-Z]+, .*gray\.param
                """.ReplaceLineEndings("\n")));
        File.Copy(
            Directory.GetFiles(Repository.Root, "*.png", SearchOption.AllDirectories).OrderBy(file => new FileInfo(file).Length).First(),
            _folder.File("in.png"));
        foreach (string model in (string[])["gray", "gray.bin"])
            StringAssert.Contains(await Succeeds("restore", "in.png", "--model", model, "--dry-run"), "model gray");
    }

    [TestMethod]
    public async Task TheModelThatShipsHasTheSizeOfItsFiles()
    {
        var row = (await BuiltProgram.Engine.RunAsync(_folder.Path, "models", "list", "--json")).MustEnd(ExitCode.Success).Events
            .First(line => line.GetProperty("name").GetString() == "faithful");
        long size = new FileInfo(Path.Combine(AppContext.BaseDirectory, "models", "faithful", "faithful.safetensors")).Length;
        Assert.IsGreaterThan(1_000_000, size);
        Assert.AreEqual(size, row.GetProperty("bytes").GetInt64());
        StringAssert.Matches(await Succeeds("models", "list"), new("faithful.*\\n +built in, [0-9.]+ MB"));
    }

    [TestMethod]
    public void TheListTellsWhatWorksNow()
    {
        var manifest = Manifest.BuiltIn();
        string store = _folder.File("store");
        Directory.CreateDirectory(store);
        File.WriteAllText(Path.Combine(store, "whole.pth"), "weights");
        // One entry works, one lost its file, one its base, and one names no base at all.
        string Entry(string name, string kind, string file, string? on) => $$"""
            "{{name}}": {
              "kind": "{{kind}}", "title": "Mine", "path": ".", "added": "2026-01-01T00:00:00Z",
              "linked": true{{(on is null ? "" : $", \"base\": \"{on}\"")}},
              "files": [{ "path": "{{file}}", "size": 7, "pinned": false }]
            }
            """;
        string[] entries =
        [
            Entry("mine", "base", "whole.pth", null), Entry("lost", "base", "gone.pth", null),
            Entry("alone", "lora", "whole.pth", "nobody"), Entry("loose", "lora", "whole.pth", null),
        ];
        File.WriteAllText(Path.Combine(store, "index.json"), $$"""{ "format": 1, "entries": { {{string.Join(',', entries)}} } }""");
        var rows = ModelRow.All(new ModelStore(store), manifest, AppContext.BaseDirectory).ToDictionary(row => row.Name);
        Assert.AreEqual("faithful mine vivid", string.Join(' ', rows.Values.Where(row => row.Usable).Select(row => row.Name).Order()));
        Assert.AreEqual(
            "alone loose lost", string.Join(' ', rows.Values.Where(row => row.Problem is not null).Select(row => row.Name).Order()));
        StringAssert.Contains(rows["lost"].Problem, "gone.pth is missing. `hypir models remove lost`");
        StringAssert.Contains(rows["alone"].Problem, "nobody");
        StringAssert.Contains(rows["loose"].Problem, "damaged");
        Assert.AreEqual(ModelGroup.Available, rows["sd2.1-base"].Group);
        foreach (var row in rows.Values)
            Assert.AreEqual(row.Kind == "training" ? "training" : "restore", row.Use, row.Name);
        rows = ModelRow.All(new ModelStore(store), manifest, _folder.Path).ToDictionary(row => row.Name);
        StringAssert.Contains(rows["faithful"].Problem, "is missing");

        string[] lines = BuiltProgram.Engine.Run(_folder.Path, "models", "list", "--store", store).MustEnd(ExitCode.Success).Output
            .Split('\n', StringSplitOptions.TrimEntries);
        int At(string start) => Array.FindIndex(lines, line => line.StartsWith(start, StringComparison.Ordinal));
        int[] places =
        [
            At("Ready"), At("faithful"), At("vivid"), At("mine"), At("Installed, but"), At("lost"), At("To download"), At("sd2.1-base"),
            At("For training"), At("vgg16"),
        ];
        CollectionAssert.AreEqual(places.Order().ToArray(), places, string.Join(' ', places));
    }

    [TestMethod]
    public async Task ASinglePassNetworkShipsToo()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "models", "faithful", "faithful.safetensors");
        var row = (await BuiltProgram.Engine.RunAsync(_folder.Path, "models", "list", "--json")).MustEnd(ExitCode.Success).Events
            .First(line => line.GetProperty("name").GetString() == "faithful");
        Assert.AreEqual(new FileInfo(file).Length, row.GetProperty("bytes").GetInt64());
        File.Copy(
            Directory.GetFiles(Repository.Root, "*.png", SearchOption.AllDirectories).OrderBy(path => new FileInfo(path).Length).First(),
            _folder.File("in.png"));
        StringAssert.Contains(await Succeeds("restore", "in.png", "--model", "faithful"), "in.restored.png");
    }

    [TestMethod]
    public async Task WhatIsNoModelIsRefused()
    {
        File.WriteAllText(_folder.File("page.safetensors"), "<html>");
        var run = await BuiltProgram.Engine.RunAsync(_folder.Path, "models", "add", "page.safetensors");
        Assert.AreEqual(ExitCode.BadFile, run.Code);
        StringAssert.Contains(run.Error, "web page");
        Assert.AreEqual(ExitCode.Usage, (await BuiltProgram.Engine.RunAsync(_folder.Path, "models", "add")).Code);
    }

    [TestMethod]
    public async Task TheDoctorTellsWhatHelpsAndNothingPrivate()
    {
        string model = ModelCopy.Make(_folder, $"of-{Environment.UserName.ToLowerInvariant()}-x");
        await Succeeds("models", "add", model, "--name", "m");
        await Succeeds("models", "verify", "m");
        // A failure whose message names a place in the home folder.
        string place = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "nothing-there.pth");
        Assert.AreEqual(ExitCode.BadFile, (await BuiltProgram.Engine.RunAsync(_folder.Path, "models", "add", place)).Code);
        string told = await Succeeds("doctor", "--zip", "report.zip");
        using var zip = ZipFile.OpenRead(_folder.File("report.zip"));
        string report = Read(zip, "report.txt"), errors = Read(zip, "errors.jsonl");
        StringAssert.Contains(told, report.Split('\n')[1].Trim());
        foreach (
            string word in (string[])
                [
                    "libtorch", "TorchSharp", ".NET", "cores", "memory", "free", "diffusion_pytorch_model.safetensors", "sha256",
                    "nothing-there.pth",
                ]
        )
            StringAssert.Contains(report, word);
        foreach (string text in (string[])[report, errors])
        {
            Assert.IsFalse(text.Contains(place, StringComparison.OrdinalIgnoreCase), "It must not name the home folder.");
            StringAssert.Contains(text, "~");
            Assert.IsFalse(
                text.Split([' ', '/', '\\', '"', '-', ',', ':', '\n'], StringSplitOptions.RemoveEmptyEntries)
                    .Contains(Environment.UserName),
                "It must not name the user."
            );
            Assert.IsFalse(
                text.Split([' ', '/', '\\', '"', ',', ':', '\n'], StringSplitOptions.RemoveEmptyEntries).Contains(Environment.MachineName),
                "It must not name the machine.");
        }
    }

    private async Task<string> Succeeds(params string[] arguments)
    {
        var run = await BuiltProgram.Engine.RunAsync(_folder.Path, arguments);
        Assert.AreEqual(ExitCode.Success, run.Code, $"{string.Join(' ', arguments)}: {run.Output}{run.Error}");
        return run.Output;
    }

    private static string Read(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
