using Hypir.Protocol.Client;
using Hypir.Testing;
using Microsoft.Playwright;

namespace Hypir.Ui.Tests.Browsers;

/// <summary>What a person does, from the first image to the file.</summary>
[TestClass]
[TestCategory("Browser")]
public sealed class WayTests : BrowserTest
{
    /// <summary>One test for the whole way: an engine and a page take longer to start than to use.</summary>
    [TestMethod]
    public async Task A_persons_whole_way()
    {
        UiServer window = await StartAsync();
        IPage page = await OpenPageAsync(window);
        await Assertions.Expect(page.Locator("#empty h1")).ToHaveTextAsync("Drop photos here");
        await page.Locator("#files").SetInputFilesAsync([MakeImage("a.jpg", 200, 150), MakeImage("b.png", 96, 160), MakeImage("c.tif")]);
        await Assertions.Expect(page.Locator(".thumb")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#empty")).ToBeHiddenAsync();
        Assert.IsFalse(Directory.Exists(Results), "Adding computes nothing.");

        // A preview of the area in view, again with other settings.
        await Assertions.Expect(page.Locator("#model")).ToBeEnabledAsync();
        await page.Locator("#stage").FocusAsync();
        await page.Keyboard.PressAsync("p");
        await Assertions.Expect(page.Locator("#part")).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex("part"));
        string first = (await page.Locator("#part").GetAttributeAsync("src"))!;
        await page.Locator("#scale").SelectOptionAsync("2");
        await Assertions.Expect(page.Locator("#part")).Not.ToHaveAttributeAsync("src", first);
        await page.Locator("#scale").SelectOptionAsync("1");

        // The whole, written to the folder, to the same bytes as the command line's.
        await Assertions.Expect(page.Locator("#divider")).ToBeVisibleAsync();
        await page.Locator("#restore").ClickAsync();
        await Assertions.Expect(page.Locator(".box.good")).ToContainTextAsync("a.restored.png");
        BuiltProgram.Engine.Run(Folder.Path, "restore", "a.jpg").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(
            await File.ReadAllBytesAsync(Folder["a.restored.png"]), await File.ReadAllBytesAsync(Path.Combine(Results, "a.restored.png")));

        // The divider by mouse and keys; the original as long as a key is held.
        ILocator divider = page.Locator("#divider");
        LocatorBoundingBoxResult box = (await divider.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 14, box.Y + 200);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X - 100, box.Y + 200);
        await page.Mouse.UpAsync();
        int dragged = int.Parse((await divider.GetAttributeAsync("aria-valuenow"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.IsLessThan(50, dragged);
        await divider.PressAsync("ArrowLeft");
        await Assertions.Expect(divider).ToHaveAttributeAsync("aria-valuenow", $"{dragged - 2}");
        await page.Keyboard.DownAsync("b");
        await Assertions.Expect(divider).ToBeHiddenAsync();
        await page.Keyboard.UpAsync("b");
        await Assertions.Expect(divider).ToBeVisibleAsync();

        // Zoom stays from image to image.
        await page.Keyboard.PressAsync("1");
        await Assertions.Expect(page.Locator("#zoom")).ToHaveTextAsync("100 %");
        await page.Locator("#stage").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator(".choose").Nth(1)).ToHaveAttributeAsync("aria-current", "true");
        await Assertions.Expect(page.Locator("#zoom")).ToHaveTextAsync("100 %");

        // All others, and strength without computing.
        await page.Locator("#restoreAll").ClickAsync();
        await Assertions.Expect(page.Locator(".thumb.done")).ToHaveCountAsync(3);
        byte[] full = await File.ReadAllBytesAsync(Path.Combine(Results, "b.restored.png"));
        await page.Locator("#strength").FillAsync("30");
        await Polling.UntilAsync(async () => !(await ReadAsync("b.restored.png")).AsSpan().SequenceEqual(full));
        Assert.AreEqual("0.3", await page.Locator("#after").EvaluateAsync<string>("image => image.style.opacity"));

        // Reloaded, and in a second tab: the same.
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".thumb.done")).ToHaveCountAsync(3);
        IPage second = await WatchAsync(await page.Context.NewPageAsync());
        await second.GotoAsync(window.PageAddress);
        await Assertions.Expect(second.Locator(".thumb.done")).ToHaveCountAsync(3);
        await second.Locator(".thumb").First.HoverAsync();
        await second.Locator(".thumb .remove").First.ClickAsync();
        await Assertions.Expect(page.Locator(".thumb")).ToHaveCountAsync(2);
        Assert.IsTrue(File.Exists(Path.Combine(Results, "a.restored.png")), "Results stay.");

        // All results in one file.
        IDownload archive = await page.RunAndWaitForDownloadAsync(() => page.Locator("#zip").ClickAsync());
        Assert.AreEqual("hypir.zip", archive.SuggestedFilename);
        Assert.IsEmpty(Complaints, string.Join('\n', Complaints));
    }

    /// <summary>The page is closed while the engine works and is killed: the job is done all the same, and the page shows it.</summary>
    [TestMethod]
    public async Task A_closed_page_and_a_killed_engine_lose_nothing()
    {
        UiServer window = await StartAsync();
        IPage page = await OpenPageAsync(window);
        await page.Locator("#files").SetInputFilesAsync(MakeImage("a.png", 1600, 1200));
        await Assertions.Expect(page.Locator("#model")).ToBeEnabledAsync();
        await page.Locator("#restore").ClickAsync();
        await Assertions.Expect(page.Locator("progress")).ToBeVisibleAsync();
        await page.GotoAsync("about:blank");
        using (var other = new EngineClient(null, new() { Pipe = Pipe }))
        {
            await other.ConnectAsync(TestContext.CancellationToken);
            other.EndEngine();
        }
        await page.GotoAsync(window.PageAddress);
        await Assertions.Expect(page.Locator(".thumb.done")).ToHaveCountAsync(1);
        Assert.IsEmpty(Complaints, string.Join('\n', Complaints));
    }

    [TestMethod]
    public async Task Images_are_dropped_and_pasted_and_what_is_none_is_told()
    {
        UiServer window = await StartAsync(Settings with { Engine = null });
        IPage page = await OpenPageAsync(window, new() { Locale = "zh-CN", ColorScheme = ColorScheme.Dark });
        await Assertions.Expect(page.Locator("#restore")).ToHaveTextAsync("修复");
        await Assertions.Expect(page.Locator(".box.bad")).ToContainTextAsync("修复引擎尚未安装");
        string png = Convert.ToBase64String(await File.ReadAllBytesAsync(MakeImage("a.png")));
        foreach (string kind in (string[])["drop", "paste"])
        {
            await page.EvaluateAsync(
                """
                ([png, kind]) => {
                    const files = new DataTransfer();
                    const bytes = Uint8Array.from(atob(png), letter => letter.charCodeAt(0));
                    files.items.add(new File([bytes], `${kind}.png`, { type: "image/png" }));
                    dispatchEvent(kind === "drop" ? new DragEvent(kind, { dataTransfer: files })
                        : new ClipboardEvent(kind, { clipboardData: files }));
                }
                """, new[] { png, kind });
        }
        await Assertions.Expect(page.Locator(".thumb")).ToHaveCountAsync(2);
        await page.Locator("#files").SetInputFilesAsync(
            new FilePayload { Name = "a.svg", MimeType = "image/svg+xml", Buffer = "<svg/>"u8.ToArray() });
        await Assertions.Expect(page.Locator(".toast")).ToContainTextAsync("a.svg");
        await page.Locator("#language").ClickAsync();
        await Assertions.Expect(page.Locator("#restore")).ToHaveTextAsync("Restore");
        await Assertions.Expect(page.Locator(".box.bad")).ToContainTextAsync("The restoration engine is not installed.");
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#dialog")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#dialog")).ToBeHiddenAsync();
    }

    private async Task<byte[]> ReadAsync(string name)
    {
        try
        {
            return await File.ReadAllBytesAsync(Path.Combine(Results, name));
        }
        catch (IOException)
        {
            return [];
        }
    }
}
