using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hypir.Imaging;
using Hypir.Protocol.Client;
using Hypir.Testing;

namespace Hypir.Ui.Tests;

/// <summary>Jobs, from the upload to the file, with the built engine.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class WorkTests : UiTest
{
    private protected override UiSettings Settings => base.Settings with { Engine = Engine };

    /// <summary>
    /// The same file, byte for byte: metadata and all. JPEG files are followed (docs/small-model.md); an alpha channel and 16 bits take
    /// other layouts; factor and strength have steps of their own.
    /// </summary>
    [TestMethod]
    public async Task Results_are_those_of_hypir_restore()
    {
        HttpClient client = await OpenAsync(await StartAsync());
        foreach ((string name, bool alpha, int bits, string model, int upscale, double strength) in
            ((string, bool, int, string, int, double)[])
        [
            ("photo.jpg", false, 8, "auto", 1, 1), ("twice.png", false, 8, "auto", 2, 1), ("clear.png", true, 8, "faithful", 1, 0.35),
            ("deep.tif", true, 16, "faithful", 1, 0.6), ("small.jpg", false, 8, "faithful", 2, 0.8),
        ])
        {
            string path = MakeImage(name, 72, 48, alpha, bits);
            BuiltProgram.Engine.Run(
                Folder.Path, "restore", name, "--model", model, "--upscale", $"{upscale}", "--strength",
                FormattableString.Invariant($"{strength}"))
                .MustEnd(ExitCode.Success);
            string id = await AddAsync(client, path);
            await RestoreAsync(client, id, new { model, upscale, strength });
            JsonElement image = await SettledAsync(client, id);
            Assert.AreEqual("done", image.GetProperty("state").GetString(), $"{image}");
            string stem = Path.GetFileNameWithoutExtension(name);
            byte[] expected = await File.ReadAllBytesAsync(Folder[$"{stem}.restored.png"]);
            CollectionAssert.AreEqual(expected, await File.ReadAllBytesAsync(Path.Combine(Results, $"{stem}.restored.png")), name);
            CollectionAssert.AreEqual(expected, await client.GetByteArrayAsync($"images/{id}/result"));
        }
    }

    [TestMethod]
    public async Task Strength_is_changed_without_the_model()
    {
        HttpClient client = await OpenAsync(await StartAsync());
        string path = MakeImage("a.png"), id = await AddAsync(client, path), result = Path.Combine(Results, "a.restored.png");
        await RestoreAsync(client, id, new { upscale = 2 });
        await SettledAsync(client, id);
        byte[] full = await File.ReadAllBytesAsync(result);
        BuiltProgram.Engine.Run(Folder.Path, "restore", "a.png", "--upscale", "2", "--strength", "0.25")
            .MustEnd(ExitCode.Success);
        await StrengthAsync(client, id, 0.25);
        CollectionAssert.AreEqual(await File.ReadAllBytesAsync(Folder["a.restored.png"]), await File.ReadAllBytesAsync(result));
        await StrengthAsync(client, id, 1);
        CollectionAssert.AreEqual(full, await File.ReadAllBytesAsync(result));
        Assert.HasCount(1, Directory.GetFiles(Results), "It is the same file.");
    }

    [TestMethod]
    public async Task A_preview_computes_a_part_and_writes_nothing()
    {
        HttpClient client = await OpenAsync(await StartAsync());
        string id = await AddAsync(client, MakeImage("a.png", 128, 96));
        await PostAsync(client, $"images/{id}/restore", new { choice = new { }, area = new { x = 100, y = 40, width = 900, height = 30 } });
        JsonElement image = await SettledAsync(client, id);
        Assert.AreEqual("ready", image.GetProperty("state").GetString(), $"{image}");
        Assert.AreEqual("28x30", $"{image.GetProperty("preview").GetProperty("area").GetProperty("width")}x"
            + $"{image.GetProperty("preview").GetProperty("area").GetProperty("height")}", "It is cut to the image.");
        byte[] part = await client.GetByteArrayAsync($"images/{id}/part");
        await File.WriteAllBytesAsync(Folder["part.png"], part);
        Assert.AreEqual(28, ImageFile.Inspect(Folder["part.png"]).Width);
        Assert.IsFalse(Directory.Exists(Results));
    }

    /// <summary>The same bytes as with <c>--mask</c>; a JPEG file, whose part is placed here, changes nowhere else.</summary>
    [TestMethod]
    public async Task A_mask_is_that_of_hypir_restore()
    {
        HttpClient client = await OpenAsync(await StartAsync());
        string path = MakeImage("a.png", 96, 64, alpha: true), photo = MakeImage("b.jpg", 96, 64);
        var shares = new byte[96 * 64];
        for (int y = 20; y < 40; y++)
            shares.AsSpan(y * 96 + 30, 25).Fill((byte)(y < 25 ? 100 : 255));
        ImageFile.Save(new ImageMask(96, 64, shares).ToImage(), Folder["mask.png"]);
        BuiltProgram.Engine.Run(Folder.Path, "restore", "a.png", "--mask", "mask.png").MustEnd(ExitCode.Success);
        foreach (string name in (string[])[path, photo])
        {
            string id = await AddAsync(client, name);
            using var body = new ByteArrayContent(await File.ReadAllBytesAsync(Folder["mask.png"]));
            using HttpResponseMessage answer = await client.PostAsync($"images/{id}/mask", body);
            int mask = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("version").GetInt32();
            await RestoreAsync(client, id, new { mask });
            Assert.AreEqual("done", (await SettledAsync(client, id)).GetProperty("state").GetString());
        }

        CollectionAssert.AreEqual(
            await File.ReadAllBytesAsync(Folder["a.restored.png"]), await File.ReadAllBytesAsync(Path.Combine(Results, "a.restored.png")));
        RasterImage before = ImageFile.Load(photo), after = ImageFile.Load(Path.Combine(Results, "b.restored.png"));
        bool[] changes = [.. Enumerable.Range(0, shares.Length).Select(i =>
            !before.Rgb.AsSpan(3 * i, 3).SequenceEqual(after.Rgb.AsSpan(3 * i, 3)))];
        Assert.IsTrue(changes.Any(change => change));
        Assert.IsFalse(changes.Where((change, i) => change && shares[i] == 0).Any());
    }

    [TestMethod]
    public async Task Jobs_go_on_without_a_page_and_can_be_cancelled()
    {
        HttpClient client = await OpenAsync(await StartAsync());
        string[] ids = new string[4];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = await AddAsync(client, MakeImage($"{i}.png", 160, 120));
            await RestoreAsync(client, ids[i], new { });
        }
        // No stream of events is open: there is no page.
        await PostAsync(client, $"images/{ids[2]}/cancel", null);
        await Polling.UntilAsync(() => File.Exists(Path.Combine(Results, "3.restored.png")));
        JsonElement state = await UntilAsync(client, state => Image(state, ids[3]).GetProperty("state").GetString() == "done");
        CollectionAssert.AreEqual(
            new[] { "done", "done", "ready", "done" }, ids.Select(id => Image(state, id).GetProperty("state").GetString()).ToArray());
        using var archive = new ZipArchive(await client.GetStreamAsync("results.zip"));
        CollectionAssert.AreEqual(
            new[] { "0.restored.png", "1.restored.png", "3.restored.png" }, archive.Entries.Select(entry => entry.Name).ToArray());
        using Stream first = archive.Entries[0].Open();
        using var bytes = new MemoryStream();
        await first.CopyToAsync(bytes);
        CollectionAssert.AreEqual(await File.ReadAllBytesAsync(Path.Combine(Results, "0.restored.png")), bytes.ToArray());
    }

    [TestMethod]
    public async Task Failures_are_told_and_the_next_job_is_done()
    {
        HttpClient client = await OpenAsync(await StartAsync());
        string id = await AddAsync(client, MakeImage("a.png"));
        await RestoreAsync(client, id, new { model = "none" });
        JsonElement failed = await SettledAsync(client, id);
        Assert.AreEqual(("failed", "UnknownModel"),
            (failed.GetProperty("state").GetString(), failed.GetProperty("failure").GetProperty("code").GetString()));
        Assert.AreEqual(HttpStatusCode.UnprocessableEntity, (await client.GetAsync("licenses/none")).StatusCode);
        await File.WriteAllTextAsync(Results, "A file is where the folder should be.");
        await RestoreAsync(client, id, new { });
        Assert.AreEqual("CannotWrite", (await SettledAsync(client, id)).GetProperty("failure").GetProperty("code").GetString());
        File.Delete(Results);
        await RestoreAsync(client, id, new { });
        Assert.AreEqual("done", (await SettledAsync(client, id)).GetProperty("state").GetString());
    }

    [TestMethod]
    public async Task The_engine_may_be_killed_between_jobs()
    {
        HttpClient client = await OpenAsync(await StartAsync());
        string id = await AddAsync(client, MakeImage("a.png"));
        await UntilAsync(client, state => state.TryGetProperty("models", out _));
        using (var other = new EngineClient(null, new() { Pipe = Pipe }))
        {
            await other.ConnectAsync();
            other.EndEngine();
        }

        await RestoreAsync(client, id, new { });
        JsonElement image = await SettledAsync(client, id);
        Assert.AreEqual("done", image.GetProperty("state").GetString(), $"{image}");
    }

    [TestMethod]
    public async Task A_missing_engine_is_told()
    {
        HttpClient client = await OpenAsync(await StartAsync(Settings with { Engine = null }));
        JsonElement state = await UntilAsync(client, state => state.TryGetProperty("engineFailure", out _));
        Assert.AreEqual("EngineMissing", state.GetProperty("engineFailure").GetProperty("code").GetString());
    }

    private static Task RestoreAsync(HttpClient client, string id, object choice) =>
        PostAsync(client, $"images/{id}/restore", new { choice });

    private static Task StrengthAsync(HttpClient client, string id, double strength) =>
        PostAsync(client, $"images/{id}/strength", new { strength });
}
