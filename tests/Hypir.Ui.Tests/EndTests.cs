using System.Net;
using System.Threading.Channels;
using Hypir.Testing;
using Hypir.Ui.Launch;
using Hypir.Ui.Work;

namespace Hypir.Ui.Tests;

/// <summary>How windows begin and end.</summary>
[TestClass]
public sealed class EndTests : UiTest
{
    [TestMethod]
    public void Pages_and_jobs_keep_a_window()
    {
        using var folder = new PrivateFolder();
        using var gallery = new Gallery(Settings, folder);
        UiImage image = gallery.Add("a", "a.png", MakeImage("a.png"));
        Channel<bool> page = gallery.Watch();
        bool ended = false;
        var clock = new HandClock();
        using var idle = new IdleEnd(gallery, TimeSpan.FromMinutes(1), () => ended = true, clock);
        clock.Advance(TimeSpan.FromDays(1));
        gallery.Enqueue(new(image, new()));
        gallery.Leave(page);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.IsFalse(ended);
        gallery.Cancel(image);
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.IsFalse(ended);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsTrue(ended);
    }

    [TestMethod]
    public async Task An_open_stream_of_events_is_an_open_page()
    {
        UiServer window = await StartAsync();
        HttpClient client = await OpenAsync(window);
        Assert.IsFalse(window.IsOccupied);
        await using (Stream page = await client.GetStreamAsync("events", TestContext.CancellationToken))
        {
            using var reader = new StreamReader(page, leaveOpen: true);
            await reader.ReadLineAsync(TestContext.CancellationToken);
            Assert.IsTrue(window.IsOccupied);
        }
        await Polling.UntilAsync(() => !window.IsOccupied);
    }

    [TestMethod]
    public async Task A_window_that_nobody_opens_ends() =>
        await (await StartAsync(Settings with { IdleExit = TimeSpan.FromMilliseconds(50) })).WaitAsync(TestContext.CancellationToken);

    [TestMethod]
    public async Task A_second_one_gives_its_images_to_the_first_and_opens_it()
    {
        UiServer first = await StartAsync(Settings with { Files = [MakeImage("a.png")] });
        (UiServer? second, string address) = await UiServer.StartAsync(Settings with { Files = [MakeImage("b.png")] });
        Assert.IsNull(second);
        HttpClient client = Client(first);
        Assert.AreEqual(HttpStatusCode.OK, (await client.GetAsync(address)).StatusCode);
        var state = await UntilAsync(client, _ => true);
        CollectionAssert.AreEqual(
            new[] { "a.png", "b.png" },
            state.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("name").GetString()).ToArray());
    }

    [TestMethod]
    public async Task Nobody_answers_where_no_window_is() =>
        Assert.IsNull(await OtherWindow.AskAsync(OtherWindow.NameFor(Pipe), [], TestContext.CancellationToken));

    [TestMethod]
    public async Task A_file_that_is_no_image_is_a_failure_of_the_start()
    {
        var failure = await Assert.ThrowsAsync<HypirException>(() =>
            UiServer.StartAsync(Settings with { Files = [Folder.Write("a.png", "none")] }));
        StringAssert.Contains(failure.Message, "a.png");
    }

    /// <summary>Files and variables that add addresses to other servers of this kind.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task The_program_listens_here_only_whatever_surrounds_it()
    {
        Folder.Write("appsettings.json", """{"urls":"http://0.0.0.0:0","Kestrel":{"Endpoints":{"a":{"Url":"http://0.0.0.0:0"}}}}""");
        var environment = new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://0.0.0.0:0", ["DOTNET_URLS"] = "http://0.0.0.0:0" };
        using var process = BuiltProgram.Engine.Start(
            Folder.Path, environment, "ui", "--no-browser", "--pipe", Pipe, "--output", Results, MakeImage("a.png"));
        string line = await process.StandardOutput.ReadLineAsync(TestContext.CancellationToken) ?? "";
        StringAssert.StartsWith(line, "The window is at http://127.0.0.1:");
        string[] sockets = [.. Directory.GetFiles($"/proc/{process.Id}/fd").Select(file => new FileInfo(file).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1])];
        // Of /proc/net/tcp: the local address, the state (0A: listening), the inode.
        string[] listening = [.. ((string[])["tcp", "tcp6"]).SelectMany(kind => File.ReadLines($"/proc/{process.Id}/net/{kind}"))
            .Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(row => row.Length > 9 && row[3] == "0A" && sockets.Contains(row[9])).Select(row => row[1])];
        Assert.HasCount(1, listening);
        StringAssert.StartsWith(listening[0], "0100007F:");
        // It counts as Ctrl+C does; a program that is started in the background may inherit that SIGINT is ignored.
        System.Diagnostics.Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
        (await BuiltProgram.FinishAsync(process)).MustEnd(ExitCode.Cancelled);
    }
}
