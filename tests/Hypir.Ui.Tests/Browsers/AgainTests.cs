using System.Text.RegularExpressions;
using Hypir.Imaging;
using Hypir.Testing;
using Microsoft.Playwright;

namespace Hypir.Ui.Tests.Browsers;

/// <summary>Several results of one image, and the queue that they wait in.</summary>
[TestClass]
[TestCategory("Browser")]
public sealed class AgainTests : BrowserTest
{
    [TestMethod]
    public async Task Results_of_other_settings_are_compared()
    {
        IPage page = await OpenPageAsync(await StartAsync());
        await page.Locator("#files").SetInputFilesAsync(MakeImage("a.png", 96, 64));
        await Assertions.Expect(page.Locator("#model")).ToBeEnabledAsync();
        await page.Locator("#restore").ClickAsync();
        await Assertions.Expect(page.Locator(".box.good")).ToContainTextAsync("a.restored.png");
        await Assertions.Expect(page.Locator("#left")).ToBeHiddenAsync();
        await page.Locator("[data-act=AgainWith]").ClickAsync();
        await page.GetByLabel("2×").CheckAsync();
        await page.GetByLabel("4×").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore 2 times" }).ClickAsync();
        await Assertions.Expect(page.Locator("#right option")).ToHaveTextAsync(["1 · 1×", "2 · 2×", "3 · 4×"]);
        Assert.AreEqual((384, 256), SizeOf("a.restored-3.png"));

        // The newest is on the right; any other may be on the left, and strength is that of the right one.
        await Assertions.Expect(page.Locator("#after")).ToHaveAttributeAsync("src", Version(3));
        await page.Locator("#left").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Assertions.Expect(page.Locator("#beside")).ToHaveAttributeAsync("src", Version(1));
        await page.Locator("#right").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Assertions.Expect(page.Locator(".box.good")).ToContainTextAsync("a.restored-2.png");
        byte[] first = await File.ReadAllBytesAsync(Path.Combine(Results, "a.restored.png"));
        byte[] second = await File.ReadAllBytesAsync(Path.Combine(Results, "a.restored-2.png"));
        await page.Locator("#strength").FillAsync("50");
        await Assertions.Expect(page.Locator("#right option").Nth(1)).ToHaveTextAsync("2 · 2× · 50 %");
        CollectionAssert.AreEqual(first, await File.ReadAllBytesAsync(Path.Combine(Results, "a.restored.png")));
        CollectionAssert.AreNotEqual(second, await File.ReadAllBytesAsync(Path.Combine(Results, "a.restored-2.png")));

        // What is taken out of the window stays in the folder.
        await page.Locator("[data-act=TakeOut]").ClickAsync();
        await Assertions.Expect(page.Locator("#right option")).ToHaveCountAsync(2);
        Assert.IsTrue(File.Exists(Path.Combine(Results, "a.restored-2.png")));
        Assert.IsEmpty(Complaints, string.Join('\n', Complaints));
    }

    [TestMethod]
    public async Task The_longest_side_sets_the_size()
    {
        IPage page = await OpenPageAsync(await StartAsync());
        await page.Locator("#files").SetInputFilesAsync(MakeImage("a.png", 96, 64));
        await Assertions.Expect(page.Locator("#model")).ToBeEnabledAsync();
        await page.Locator("#scale").SelectOptionAsync("side");
        await page.Locator("#side").FillAsync("150");
        await Assertions.Expect(page.Locator("#size")).ToHaveTextAsync("96 × 64 → 150 × 100");
        await page.Locator("#restore").ClickAsync();
        await Assertions.Expect(page.Locator(".box.good")).ToContainTextAsync("150 × 100");
        BuiltProgram.Engine.Run(Folder.Path, "restore", "a.png", "--longest-side", "150").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(
            await File.ReadAllBytesAsync(Folder["a.restored.png"]), await File.ReadAllBytesAsync(Path.Combine(Results, "a.restored.png")));
    }

    [TestMethod]
    public async Task The_queue_is_shown_and_changed()
    {
        // An engine that never answers: what waits can be looked at.
        UiServer window = await StartAsync(Settings with { Engine = new("/bin/sh") { Arguments = ["-c", "exec sleep 300"] } });
        IPage page = await OpenPageAsync(window);
        string[] names = ["a.png", "b.png", "c.png", "d.png"];
        await page.Locator("#files").SetInputFilesAsync(names.Select(name => MakeImage(name, 16, 16)));
        await Assertions.Expect(page.Locator(".thumb")).ToHaveCountAsync(4);
        await Assertions.Expect(page.Locator(".choose").First).ToHaveAttributeAsync("aria-current", "true");
        await page.Locator("#restoreAll").ClickAsync();
        ILocator rows = page.Locator(".job .what span:first-child");
        await Assertions.Expect(rows).ToHaveTextAsync(names);
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: d.png" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop: b.png" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveTextAsync(["d.png", "a.png", "c.png"]);
        await page.Locator("[data-act=StopAll]").ClickAsync();
        await Assertions.Expect(page.Locator("#queue")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#restoreAll")).ToHaveTextAsync("Restore all others (4)");
    }

    private (int, int) SizeOf(string name)
    {
        ImageInfo info = ImageFile.Inspect(Path.Combine(Results, name));
        return (info.Width, info.Height);
    }

    private static Regex Version(int number) => new($"after/{number}$");
}
