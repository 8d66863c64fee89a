using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Text;
using System.Text.Json;
using Hypir.Ui.Work;

namespace Hypir.Ui.Tests;

/// <summary>Files that pages send.</summary>
[TestClass]
public sealed class UploadTests : UiTest
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_file_with_too_many_bytes_is_refused_and_deleted(bool chunked)
    {
        UiServer window = await StartAsync(Settings with { MaxUploadBytes = 100_000 });
        HttpClient client = await OpenAsync(window);
        using HttpResponseMessage answer = await UploadAsync(client, new byte[200_000], "large.png", chunked);
        Assert.AreEqual(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.IsEmpty(Sent(window));
    }

    [TestMethod]
    public async Task An_image_with_too_many_pixels_is_refused_by_its_header()
    {
        UiServer window = await StartAsync(Settings with { MaxPixels = 1_000_000 });
        HttpClient client = await OpenAsync(window);
        byte[] png = await File.ReadAllBytesAsync(MakeImage("a.png"));
        // A lie in 8 bytes: 50,000 x 50,000 pixels.
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 50_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 50_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.HashToUInt32(png.AsSpan(12, 17)));
        using HttpResponseMessage answer = await UploadAsync(client, png, "bomb.png");
        string words = await answer.Content.ReadAsStringAsync();
        Assert.AreEqual(HttpStatusCode.UnprocessableEntity, answer.StatusCode, words);
        StringAssert.Contains(words, "BadImage");
        StringAssert.Contains(words, "1,000,000 pixels");
        Assert.IsFalse(words.Contains(window.PrivateFolder, StringComparison.Ordinal), "Pages learn no paths.");
        Assert.IsEmpty(Sent(window));
    }

    [TestMethod]
    [DataRow("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a.svg")]
    [DataRow("<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png")]
    [DataRow("<!doctype html><script>alert(1)</script>", "a.jpg")]
    [DataRow("", "a.png")]
    public async Task What_is_no_image_is_refused(string text, string name)
    {
        UiServer window = await StartAsync();
        using HttpResponseMessage answer = await UploadAsync(await OpenAsync(window), Encoding.UTF8.GetBytes(text), name);
        Assert.AreEqual(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.IsEmpty(Sent(window));
    }

    [TestMethod]
    public async Task What_comes_back_is_a_picture_of_the_windows_own()
    {
        UiServer window = await StartAsync();
        HttpClient client = await OpenAsync(window);
        string id = await AddAsync(client, MakeImage("a.tif"));
        HttpResponseMessage before = await client.GetAsync($"images/{id}/before"), thumb = await client.GetAsync($"images/{id}/thumb");
        Assert.AreEqual("image/png", before.Content.Headers.ContentType!.ToString());
        Assert.AreEqual("image/jpeg", thumb.Content.Headers.ContentType!.ToString());
        foreach (string other in (string[])["source", "after", "part", "result", "lock", $"{id}-source"])
            Assert.AreEqual(HttpStatusCode.NotFound, (await client.GetAsync($"images/{id}/{other}")).StatusCode, other);
        Assert.AreEqual(HttpStatusCode.NoContent, (await client.DeleteAsync($"images/{id}")).StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, (await client.GetAsync($"images/{id}/before")).StatusCode);
        Assert.IsEmpty(Sent(window));
    }

    [TestMethod]
    public async Task Uploads_lie_in_a_private_folder_that_is_deleted()
    {
        UiServer window = await StartAsync();
        string folder = window.PrivateFolder;
        await AddAsync(await OpenAsync(window), MakeImage("a.png"));
        Assert.HasCount(1, Sent(window));
        if (!OperatingSystem.IsWindows())
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        // As if it had been killed: nobody holds the lock.
        string left = Directory.CreateTempSubdirectory("hypir-ui-").FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "lock"), "");
        await File.WriteAllTextAsync(Path.Combine(left, "0-source"), "");
        using (var other = new PrivateFolder())
            Assert.IsFalse(Directory.Exists(left));
        Assert.IsTrue(Directory.Exists(folder), "One in use stays.");
        await window.DisposeAsync();
        Assert.IsFalse(Directory.Exists(folder));
    }

    [TestMethod]
    public async Task There_is_a_most_of_images()
    {
        HttpClient client = await OpenAsync(await StartAsync(Settings with { MaxImages = 1 }));
        string path = MakeImage("a.png");
        await AddAsync(client, path);
        using HttpResponseMessage answer = await UploadAsync(client, await File.ReadAllBytesAsync(path), "b.png");
        StringAssert.Contains(await answer.Content.ReadAsStringAsync(), "TooManyImages");
    }

    [TestMethod]
    [DataRow("photo.jpg", "photo.jpg")]
    [DataRow("../../etc/passwd", "passwd")]
    [DataRow(@"C:\Windows\x.png", "x.png")]
    [DataRow("a\0b\r\n<c>.png", "abc.png")]
    [DataRow("..", "image")]
    [DataRow("", "image")]
    [DataRow("con.png", "_con.png")]
    [DataRow("gnp.\u202Ephoto", "gnp.photo")]
    [DataRow("照片 1.png", "照片 1.png")]
    [DataRow(" .hidden. ", "hidden")]
    public void A_name_is_never_a_place(string wish, string name) => Assert.AreEqual(name, ResultNames.Clean(wish));

    [TestMethod]
    public async Task Results_never_overwrite_a_file()
    {
        Directory.CreateDirectory(Results);
        string first = ResultNames.Reserve(Results, "a.jpg"), second = ResultNames.Reserve(Results, "a.png");
        Assert.AreEqual(Path.Combine(Results, "a.restored.png"), first);
        Assert.AreEqual(Path.Combine(Results, "a.restored-2.png"), second);
        await Task.CompletedTask;
    }

    [TestMethod]
    public async Task What_is_no_mask_is_refused_and_deleted()
    {
        UiServer window = await StartAsync();
        HttpClient client = await OpenAsync(window);
        string id = await AddAsync(client, MakeImage("a.png", 64, 48));
        foreach (byte[] body in (byte[][])["<svg/>"u8.ToArray(), await File.ReadAllBytesAsync(MakeImage("b.png", 64, 64))])
        {
            using var content = new ByteArrayContent(body);
            Assert.AreEqual(HttpStatusCode.UnprocessableEntity, (await client.PostAsync($"images/{id}/mask", content)).StatusCode);
        }
        Assert.IsEmpty(Directory.GetFiles(window.PrivateFolder, "*mask*"));
        using var job = new StringContent("""{"choice":{"mask":7}}""", System.Text.Encoding.UTF8, "application/json");
        Assert.AreEqual(HttpStatusCode.BadRequest, (await client.PostAsync($"images/{id}/restore", job)).StatusCode);
    }

    [TestMethod]
    public async Task What_is_no_job_is_refused()
    {
        HttpClient client = await OpenAsync(await StartAsync());
        string id = await AddAsync(client, MakeImage("a.png"));
        foreach (string body in (string[])
        [
            "", "{}", "[]", "null", """{"choice":{"upscale":9}}""", """{"choice":{"upscale":0.5}}""", """{"choice":{"strength":2}}""",
            """{"choice":{"model":""}}""", """{"choice":{"model":null}}""", """{"choice":{},"area":{"x":64,"y":0,"width":9,"height":9}}""",
            """{"choice":{},"area":{"x":0,"y":0,"width":0,"height":9}}""", """{"choice":{"upscale":"1e999"}}""", "{{{{{{{{{{",
        ])
        {
            using var json = new StringContent(body, Encoding.UTF8, "application/json");
            Assert.AreEqual(HttpStatusCode.BadRequest, (await client.PostAsync($"images/{id}/restore", json)).StatusCode, body);
        }
        JsonElement state = await UntilAsync(client, _ => true);
        Assert.AreEqual("ready", Image(state, id).GetProperty("state").GetString());
    }

    private static string[] Sent(UiServer window) =>
        [.. Directory.GetFiles(window.PrivateFolder).Select(file => Path.GetFileName(file)).Where(name => name != "lock")];
}
