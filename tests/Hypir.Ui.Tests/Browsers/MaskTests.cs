using Hypir.Imaging;
using Hypir.Testing;
using Microsoft.Playwright;

namespace Hypir.Ui.Tests.Browsers;

/// <summary>What is painted is restored, and nothing else.</summary>
[TestClass]
[TestCategory("Browser")]
public sealed class MaskTests : BrowserTest
{
    [TestMethod]
    public async Task Only_what_is_painted_changes()
    {
        IPage page = await OpenPageAsync(await StartAsync());
        string path = MakeImage("a.png", 160, 120);
        await page.Locator("#files").SetInputFilesAsync(path);
        await Assertions.Expect(page.Locator("#model")).ToBeEnabledAsync();
        await Assertions.Expect(page.Locator("#loading")).ToBeHiddenAsync();
        await page.Locator("#stage").FocusAsync();
        await page.Keyboard.PressAsync("m");
        await Assertions.Expect(page.Locator("#brush")).ToHaveAttributeAsync("aria-pressed", "true");

        // A stroke through the middle; then the right half of it is erased.
        LocatorBoundingBoxResult box = (await page.Locator("#before").BoundingBoxAsync())!;
        await StrokeAsync(page, box, 0.25f, 0.75f);
        await page.Locator("#erase").CheckAsync();
        // Wider: the soft edge of the stroke goes, too.
        await page.Locator("#brushSize").FillAsync("80");
        await StrokeAsync(page, box, 0.6f, 0.9f);
        await Assertions.Expect(page.Locator("#maskNote")).ToBeVisibleAsync();
        await page.Locator("#restore").ClickAsync();
        await Assertions.Expect(page.Locator(".box.good")).ToContainTextAsync("a.restored.png");
        RasterImage before = ImageFile.Load(path), after = ImageFile.Load(Path.Combine(Results, "a.restored.png"));
        int[] columns = [.. Enumerable.Range(0, 160).Where(x => Changes(before, after, x, 0, 120))];
        Assert.IsNotEmpty(columns);
        Assert.IsGreaterThan(20, columns[0]);
        Assert.IsLessThan(100, columns[^1]);
        // Above and below the stroke.
        Assert.IsFalse(Enumerable.Range(0, 160).Any(x => Changes(before, after, x, 0, 40) || Changes(before, after, x, 80, 120)));

        // The brush was put away. Without paint, the whole is restored.
        await page.Locator("#brush").ClickAsync();
        await page.Locator("#clearMask").ClickAsync();
        await Assertions.Expect(page.Locator("#maskNote")).ToBeHiddenAsync();
        await page.Locator("#restore").ClickAsync();
        await Assertions.Expect(page.Locator(".box.good")).ToContainTextAsync("a.restored-2.png");
        BuiltProgram.Engine.Run(Folder.Path, "restore", "a.png").MustEnd(ExitCode.Success);
        byte[] expected = await File.ReadAllBytesAsync(Folder["a.restored.png"]);
        CollectionAssert.AreEqual(expected, await File.ReadAllBytesAsync(Path.Combine(Results, "a.restored-2.png")));
        Assert.IsEmpty(Complaints, string.Join('\n', Complaints));
    }

    private static async Task StrokeAsync(IPage page, LocatorBoundingBoxResult box, float from, float to)
    {
        float y = box.Y + box.Height / 2;
        await page.Mouse.MoveAsync(box.X + from * box.Width, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + to * box.Width, y, new() { Steps = 5 });
        await page.Mouse.UpAsync();
    }

    private static bool Changes(RasterImage before, RasterImage after, int x, int top, int bottom)
    {
        for (int y = top; y < bottom; y++)
        {
            int at = 3 * (y * before.Width + x);
            if (!before.Rgb.AsSpan(at, 3).SequenceEqual(after.Rgb.AsSpan(at, 3)))
                return true;
        }
        return false;
    }
}
