using Hypir.Models.Tests.Support;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Testing;

namespace Hypir.Models.Tests.Serving;

/// <summary>Files that a person has chosen become models.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class AddModelTests
{
    private static string Lora => Goldens.Require("tiny-lora", "state_dict.pth");

    [TestMethod]
    public async Task LoraWeightsBecomeAModelWithTheirBaseAndDefaults()
    {
        await using var engine = new EngineHome();
        EngineClient client = engine.Client();
        ModelEntry model = await client.AddModelAsync(new() { Path = Goldens.Require("tiny-sd2"), Name = "tiny" });
        Assert.AreEqual((ModelState.Ready, null), (model.State, model.Base));
        ModelEntry mine = await client.AddModelAsync(new() { Path = Lora, Name = "mine", CoeffT = 150, Tile = 64, Stride = 64 });
        Assert.AreEqual((ModelState.Ready, "tiny", 150, 64), (mine.State, mine.Base, mine.CoeffT, mine.Tile), mine.Problem);
        ModelList list = await client.ListModelsAsync();
        CollectionAssert.AreEqual(new[] { "mine" }, list.Loras.ToArray());
        CollectionAssert.AreEqual((string[])["auto", "faithful", "vivid"], list.Models.Take(3).Select(model => model.Name).ToArray());

        // As a model, and as LoRA weights on the base with the same options, it gives the same.
        RestoreRequest request = new() { Width = 64, Height = 64, Layout = PixelLayout.Rgb24, Model = "mine" };
        RestoreRequest same = request with { Model = "tiny", Lora = "mine", CoeffT = 150, Tile = 64, Stride = 64 };
        CollectionAssert.AreEqual(await RestoreAsync(client, request), await RestoreAsync(client, same));
        CollectionAssert.AreNotEqual(await RestoreAsync(client, request), await RestoreAsync(client, same with { Lora = null }));
        CollectionAssert.AreNotEqual(
            await RestoreAsync(client, request), await RestoreAsync(client, request with { CoeffT = 900 }),
            "A request stands above defaults.");
    }

    [TestMethod]
    public async Task ASinglePassNetworkBecomesAModel()
    {
        await using var engine = new EngineHome();
        EngineClient client = engine.Client();
        string file = Goldens.Require("single-pass", "compact-x2.pth");
        ModelEntry model = await client.AddModelAsync(new() { Path = file, Name = "twice", CoeffT = 150 });
        Assert.AreEqual((ModelState.Ready, false), (model.State, model.ReadsPrompts), model.Problem);
        Assert.Contains("Compact, 2x", model.Title);
        RestoreRequest request = new() { Width = 20, Height = 12, Layout = PixelLayout.Rgb24, Model = "twice", Upscale = 2 };
        Assert.HasCount(3 * 40 * 24, await RestoreAsync(client, request));
        Assert.HasCount(3 * 20 * 12, await RestoreAsync(client, request with { Upscale = 1, CoeffT = 100 }));
        // And back: the model that was loaded before is another kind.
        Assert.HasCount(3 * 20 * 12, await RestoreAsync(client, request with { Model = "faithful", Upscale = 1 }));
    }

    [TestMethod]
    public async Task CopiedWeightsAreTheStoresOwn()
    {
        await using var engine = new EngineHome();
        EngineClient client = engine.Client();
        await client.AddModelAsync(new() { Path = Goldens.Require("tiny-sd2"), Name = "tiny" });
        string file = engine.In("chosen.pth");
        File.Copy(Lora, file);
        var told = new Reports<DownloadReport>();
        Assert.AreEqual("chosen", (await client.AddModelAsync(new() { Path = file, Copy = true }, told)).Name);
        // The answer may overtake the reports of so short a copy, and what comes after it is dropped: then it is copied again.
        for (int copy = 0; told.All is [] && copy < 50; copy++)
            await client.AddModelAsync(new() { Path = file, Name = $"copy{copy}", Copy = true }, told);
        Assert.AreNotEqual(0, told.All.Count);
        foreach (DownloadReport report in told.All)
            Assert.AreEqual(new FileInfo(file).Length, report.TotalBytes);
        File.Delete(file);
        Assert.AreEqual(ModelState.Ready, (await client.ListModelsAsync()).Models.Single(model => model.Name == "chosen").State);

        string linked = engine.In("linked.pth");
        File.Copy(Lora, linked);
        await client.AddModelAsync(new() { Path = linked });
        File.Delete(linked);
        ModelEntry gone = (await client.ListModelsAsync()).Models.Single(model => model.Name == "linked");
        Assert.AreEqual(ModelState.Damaged, gone.State);
        Assert.IsNotNull(gone.Problem);
        var failure = await Assert.ThrowsExactlyAsync<EngineException>(() =>
            RestoreAsync(
                client,
                new()
                {
                    Width = 8,
                    Height = 8,
                    Layout = PixelLayout.Rgb24,
                    Model = "linked",
                }
            )
        );
        Assert.AreEqual(EngineError.BadModel, failure.Error);
    }

    [TestMethod]
    public async Task WhatIsNoModelOnADiskOfThisMachineIsRefused()
    {
        await using var engine = new EngineHome();
        EngineClient client = engine.Client();
        foreach (
            string path in (string[])
                [
                    "", "lora.pth", "../lora.pth", "~/lora.pth", @"\\server\share\lora.pth", "//server/share/lora.pth", @"\\?\C:\lora.pth",
                    "/lora\0.pth", "http://server/lora.pth",
                ]
        )
            Assert.AreEqual(EngineError.BadRequest, (await Refusal(new() { Path = path })).Error, path);
        string page = engine.In("page.safetensors");
        File.WriteAllText(page, "<html>");
        EngineException refused = await Refusal(new() { Path = page });
        Assert.AreEqual(EngineError.BadModel, refused.Error);
        StringAssert.Contains(refused.Message, "web page");
        Assert.AreEqual(EngineError.BadModel, (await Refusal(new() { Path = engine.In("absent.pth") })).Error);
        Assert.AreEqual(EngineError.BadModel, (await Refusal(new() { Path = Goldens.Require("tiny-sd2"), Name = "../x" })).Error);
        Assert.AreEqual(EngineError.BadModel, (await Refusal(new() { Path = Goldens.Require("tiny-sd2"), Name = "faithful" })).Error);
        if (OperatingSystem.IsLinux())
        {
            using (var make = System.Diagnostics.Process.Start("mkfifo", [engine.In("pipe.pth")]))
                await make.WaitForExitAsync();
            Assert.AreEqual(EngineError.BadModel, (await Refusal(new() { Path = engine.In("pipe.pth") })).Error);
            Assert.AreEqual(EngineError.BadModel, (await Refusal(new() { Path = "/dev/zero" })).Error);
        }
        string[] ready =
        [
            .. (await client.ListModelsAsync()).Models.Where(model => model.State == ModelState.Ready).Select(model => model.Name),
        ];
        CollectionAssert.AreEqual((string[])["auto", "faithful", "vivid"], ready, "Nothing of it is left.");

        Task<EngineException> Refusal(AddModelRequest request) =>
            Assert.ThrowsExactlyAsync<EngineException>(() => client.AddModelAsync(request));
    }

    private static async Task<byte[]> RestoreAsync(EngineClient client, RestoreRequest request)
    {
        using RestoredPixels result = await client.RestoreAsync(request, (row, rows) =>
        {
            for (int i = 0; i < rows.Length; i++)
                rows[i] = (byte)((i * 7) + (row * 13));
        });
        var bytes = new byte[3 * result.Width * result.Height];
        result.Read((row, rows) => rows.CopyTo(bytes.AsSpan(3 * row * result.Width)));
        return bytes;
    }
}
