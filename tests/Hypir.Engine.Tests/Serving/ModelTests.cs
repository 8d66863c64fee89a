using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Serving;

/// <summary>Models that come, go and change.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class ModelTests : ServeTest
{
    /// <summary>Adds a copy of a model to the engine's store, which a test may change.</summary>
    private async Task<string> AddAsync(EngineClient client, string source, string name)
    {
        string target = In(name);
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        await client.AddModelAsync(new() { Path = target, Name = name });
        return target;
    }

    private static string Nano => NanoModel.Folder;

    [TestMethod]
    public async Task Weights_that_change_on_disk_are_noticed()
    {
        EngineClient client = Client();
        string folder = await AddAsync(client, Nano, "mine");
        RestoreRequest request = Request() with { Model = "mine" };
        byte[] before = await RestoreAsync(client, request);
        string weights = Directory.GetFiles(Path.Combine(folder, "unet"), "*.safetensors").Single();
        byte[] content = File.ReadAllBytes(weights);
        // Another sign of some numbers, in a file that takes the place of the old one as a download would.
        for (int i = content.Length - 4001; i < content.Length; i += 4)
            content[i] ^= 0x80;
        File.WriteAllBytes(weights + ".new", content);
        File.Move(weights + ".new", weights, overwrite: true);
        byte[] after = await RestoreAsync(client, request);
        CollectionAssert.AreNotEqual(before, after);
        Assert.HasCount(1, (await client.GetStatusAsync()).LoadedModels);
    }

    [TestMethod]
    public async Task The_log_tells_of_jobs_and_not_what_they_show()
    {
        EngineClient client = Client();
        await AddAsync(client, Goldens.Require("tiny-sd2"), "tiny");
        RestoreRequest request = Request(64, 72, PixelLayout.Rgb24) with
        {
            Model = "tiny",
            Tile = 64,
            Stride = 64,
            Prompt = "Aunt Wilhelmina in the garden",
        };
        await RestoreAsync(client, request);
        // And where a job fails for its sake: nano reads no prompts.
        await Assert.ThrowsExactlyAsync<EngineException>(() => RestoreAsync(client, request with { Model = "nano" }));
        string text = await LogAsync(client);
        StringAssert.Contains(text, "64x72");
        Assert.IsFalse(text.Contains("Wilhelmina", StringComparison.OrdinalIgnoreCase), text);
        await client.ShutdownAsync();
        foreach (
            string file in Directory.GetFiles(Home, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length < 1 << 20))
            Assert.IsFalse(File.ReadAllText(file).Contains("Wilhelmina", StringComparison.OrdinalIgnoreCase), file);

        client = Client(location: Location with { ServeArguments = ["--log-prompts"] });
        await RestoreAsync(client, request);
        StringAssert.Contains(await LogAsync(client), "prompt: " + request.Prompt);
    }

    [TestMethod]
    public async Task A_lora_comes_and_goes_exactly()
    {
        EngineClient client = Client();
        await AddAsync(client, Goldens.Require("tiny-sd2"), "tiny");
        await client.AddModelAsync(
            new()
            {
                Path = Directory.GetFiles(Goldens.Require("tiny-lora"), "*.safetensors").Order(StringComparer.Ordinal).First(),
                Name = "mine",
            }
        );
        RestoreRequest bare = Request(64, 64, PixelLayout.Rgb24) with { Model = "tiny", Tile = 64, Stride = 64 },
            adapted = bare with { Lora = "mine" };
        byte[] first = await RestoreAsync(client, bare);
        long live = (await client.GetStatusAsync()).LiveTensors;
        byte[] changed = await RestoreAsync(client, adapted);
        CollectionAssert.AreEqual(new[] { "tiny+mine" }, (await client.GetStatusAsync()).LoadedModels.ToArray());
        CollectionAssert.AreNotEqual(first, changed);
        CollectionAssert.AreEqual(first, await RestoreAsync(client, bare), "It comes off without a trace.");
        Assert.AreEqual(live, (await client.GetStatusAsync()).LiveTensors);
        CollectionAssert.AreEqual(changed, await RestoreAsync(client, adapted));
        await client.ShutdownAsync();
        CollectionAssert.AreEqual(changed, await RestoreAsync(client, adapted), "As if it had been loaded so.");
    }

    [TestMethod]
    public async Task A_second_model_stays_beside_the_first_or_takes_its_place_as_memory_allows()
    {
        EngineClient client = Client();
        await AddAsync(client, Nano, "mine");
        await RestoreAsync(client, Request());
        await RestoreAsync(client, Request() with { Model = "mine" });
        CollectionAssert.AreEqual(new[] { "mine", "nano" }, (await client.GetStatusAsync()).LoadedModels.ToArray());
        long need = (await client.PlanAsync(Request())).MemoryBytes;
        await client.ShutdownAsync();
        client = Client(location: Location with { ServeArguments = ["--memory-limit", $"{(need >> 20) + 1}M"] });
        await RestoreAsync(client, Request());
        await RestoreAsync(client, Request() with { Model = "mine" });
        CollectionAssert.AreEqual(new[] { "mine" }, (await client.GetStatusAsync()).LoadedModels.ToArray());
    }

    [TestMethod]
    public async Task A_damaged_model_fails_its_own_job_only()
    {
        EngineClient client = Client();
        string folder = await AddAsync(client, Nano, "mine");
        byte[] expected = await RestoreAsync(client, Request());
        string weights = Directory.GetFiles(Path.Combine(folder, "unet"), "*.safetensors").Single();
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..1000]);
        var failure = await Assert.ThrowsExactlyAsync<EngineException>(() => RestoreAsync(client, Request() with { Model = "mine" }));
        Assert.AreEqual(EngineError.BadModel, failure.Error);
        CollectionAssert.AreEqual(expected, await RestoreAsync(client, Request()));
    }

    private async Task<string> LogAsync(EngineClient client)
    {
        using var log = new StreamReader(
            new FileStream((await client.ConnectAsync()).LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await log.ReadToEndAsync(TestContext.CancellationToken);
    }
}
