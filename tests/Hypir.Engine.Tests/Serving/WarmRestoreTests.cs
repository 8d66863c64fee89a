using System.Diagnostics;
using Hypir.Engine.Restoring;
using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Protocol.Client;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Serving;

/// <summary><c>hypir restore</c> with an engine that is running.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class WarmRestoreTests : ServeTest
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    [TestMethod]
    public async Task An_engine_gives_the_same_bytes()
    {
        EngineClient client = Client();
        await client.ConnectAsync(TestContext.CancellationToken);
        MakeImage("in/alpha.png", 90, 70, alpha: true);
        MakeImage("in/photo.jpg", 80, 60);
        byte[] deep = [.. Enumerable.Range(0, 2 * 3 * 40 * 30).Select(i => (byte)(i * 37 % 251))];
        ImageFile.Save(new RasterImage(40, 30, 16, deep), In("in/deep.tif"));
        string[] settings = ["--strength", "0.7", "--seed", "5", "--format", "png"];
        ProgramRun warm = Warm(["restore", "in", "-o", "warm", "--json", .. settings]).MustEnd(ExitCode.Success);
        Assert.AreEqual(3, await Ended(client), "The engine restored them: " + warm.Output);
        Hypir(["restore", "in", "-o", "own", "--engine", "never", .. settings]).MustEnd(ExitCode.Success);
        foreach (string name in new[] { "alpha.png", "photo.png", "deep.png" })
            CollectionAssert.AreEqual(File.ReadAllBytes(In("own/" + name)), File.ReadAllBytes(In("warm/" + name)), name);
        Assert.IsTrue(warm.Of("progress").Any(line => line.GetProperty("stage").GetString() == "restoring"), warm.Output);
        Assert.IsTrue(
            warm.Of("result").All(line => line.GetProperty("notes").EnumerateArray().Single().GetString()!.EndsWith("faithful.", Ordinal)),
            warm.Output);

        byte[] mask = [.. Enumerable.Range(0, 90 * 70).SelectMany(i => Enumerable.Repeat((byte)(i % 90 >= 60 ? 255 : 0), 3))];
        ImageFile.Save(new RasterImage(90, 70, 8, mask), In("mask.png"));
        foreach (string[] part in new string[][] { ["--crop", "10,10,40,30", "--map", "MAP"], ["--mask", "mask.png"] })
        {
            string[] options = ["in/alpha.png", "--overwrite", .. part];
            Warm(["restore", "-o", "part.png", .. options.Select(option => option.Replace("MAP", "warm-map.png", Ordinal))])
                .MustEnd(ExitCode.Success);
            string[] own = [.. options.Select(option => option.Replace("MAP", "own-map.png", Ordinal)), "--engine", "never"];
            Hypir(["restore", "-o", "own.png", .. own]).MustEnd(ExitCode.Success);
            CollectionAssert.AreEqual(File.ReadAllBytes(In("own.png")), File.ReadAllBytes(In("part.png")), part[0]);
        }

        CollectionAssert.AreEqual(File.ReadAllBytes(In("own-map.png")), File.ReadAllBytes(In("warm-map.png")));
        Assert.AreEqual(5, await Ended(client));
        client.Dispose();
        Assert.IsEmpty(PixelFiles(), "Maps are deleted too.");
    }

    [TestMethod]
    public async Task An_engine_that_is_killed_loses_nothing()
    {
        EngineClient client = Client();
        await client.ConnectAsync(TestContext.CancellationToken);
        MakeImage("a.png", 500, 400);
        MakeImage("b.png", 60, 50);
        string[] arguments = ["restore", "a.png", "b.png", "--json", "--tile", "64", "-m", NanoModel.Name];
        using Process run = BuiltProgram.Engine.Start(Folder, Pipes(), arguments);
        var output = new List<string>();
        bool killed = false;
        while (await run.StandardOutput.ReadLineAsync(TestContext.CancellationToken) is { } line)
        {
            output.Add(line);
            if (killed || !line.Contains("\"stage\":\"encoding\"", StringComparison.Ordinal))
                continue;
            killed = true;
            client.EndEngine();
        }

        string error = await run.StandardError.ReadToEndAsync(TestContext.CancellationToken);
        await run.WaitForExitAsync(TestContext.CancellationToken);
        string all = string.Join('\n', output);
        Assert.AreEqual(0, run.ExitCode, all + error);
        Assert.AreEqual(1, all.Split("The engine ended in the middle of the job; this process restored the image.").Length - 1, all);
        Hypir("restore", "a.png", "-o", "own.png", "--tile", "64", "-m", NanoModel.Name, "--engine", "never").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(File.ReadAllBytes(In("own.png")), File.ReadAllBytes(In("a.restored.png")));
        Assert.IsTrue(File.Exists(In("b.restored.png")));
    }

    [TestMethod]
    public async Task Without_an_engine_or_with_one_of_another_store_this_process_computes()
    {
        MakeImage("a.png", 60, 50);
        ProgramRun none = Warm("restore", "a.png", "-o", "none.png").MustEnd(ExitCode.Success);
        Assert.IsFalse(none.Output.Contains("engine", Ordinal), none.Output);
        EngineClient client = Client(location: Location with
        {
            Environment = new Dictionary<string, string> { ["HYPIR_HOME"] = In("another") },
        });
        await client.ConnectAsync(TestContext.CancellationToken);
        Warm("restore", "a.png", "-o", "other.png").MustEnd(ExitCode.Success);
        Assert.AreEqual(0, await Ended(client), "Its models may be others.");
        await client.ShutdownAsync(TestContext.CancellationToken);
        CollectionAssert.AreEqual(File.ReadAllBytes(In("none.png")), File.ReadAllBytes(In("other.png")));
    }

    [TestMethod]
    public void An_engine_gets_only_what_it_can_do()
    {
        var job = new RestoreCommandOptions
        {
            Inputs = ["a.png"],
            Model = "m",
            ModelName = "m",
            UsesEngine = true,
            Options = new(),
        };
        Assert.IsTrue(WarmEngine.IsFor(job));
        foreach (RestoreCommandOptions other in new[]
        {
            job with { UsesEngine = false }, job with { ModelName = null }, job with { Threads = 1 }, job with { DryRun = true },
            job with { Mix = new("b.pth", 0.5) }, job with { Saving = new() { KeepProfile = true } },
            job with { Options = new() { Mode = RestoreMode.Reference } }, job with { Options = new() { Width = 9 } },
            job with { Options = new() { Megapixels = 1 } }, job with { Options = new() { ColorFix = true } },
            job with { Options = new() { Dial = 3 } }, job with { Options = new() { LimitChange = false } },
            job with { Options = new() { Unmerged = true } },
        })
            Assert.IsFalse(WarmEngine.IsFor(other), other.ToString());
    }

    /// <summary>Tests share their machine: an engine that answers late does not hang.</summary>
    private Dictionary<string, string> Pipes() => new() { ["HYPIR_PIPE"] = Pipe, ["HYPIR_ENGINE_PATIENCE"] = "600" };

    private ProgramRun Warm(params string[] arguments)
    {
        using Process process = BuiltProgram.Engine.Start(Folder, Pipes(), arguments);
        return BuiltProgram.Finish(process);
    }

    private async Task<long> Ended(EngineClient client) => (await client.GetStatusAsync(TestContext.CancellationToken)).EndedJobs;
}
