using Hypir.Testing;
using Microsoft.Playwright;

namespace Hypir.Ui.Tests.Browsers;

/// <summary>The dialog of models.</summary>
[TestClass]
[TestCategory("Browser")]
public sealed class ModelsTests : BrowserTest
{
    [TestMethod]
    public async Task A_model_comes_after_its_license_was_read()
    {
        await using var server = new FileServer(OwnList.Weights);
        OwnList.Write(Folder[BuiltProgram.Home], server.Address);
        IPage page = await OpenPageAsync(await StartAsync());
        await Assertions.Expect(page.Locator("#model")).ToBeEnabledAsync();
        await Assertions.Expect(page.Locator("#model option").First).ToHaveTextAsync("Automatic, to fit the photo");
        await page.Locator("#models").ClickAsync();
        ILocator row = page.Locator(".models .job").Filter(new() { HasText = "Sharper photos" });
        await Assertions.Expect(row).ToContainTextAsync("2.4 MB · Fair License");

        // A license that is closed unread downloads nothing.
        await row.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync();
        await Assertions.Expect(page.Locator("#dialogBody pre")).ToContainTextAsync("Do with it what is fair.");
        await page.Locator("#dialog form > button").ClickAsync();
        await Assertions.Expect(row).ToBeVisibleAsync();
        await Assertions.Expect(row.Locator("progress")).ToHaveCountAsync(0);

        await row.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I accept" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("of 2.4 MB");
        await row.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Assertions.Expect(row.Locator("progress")).ToHaveCountAsync(0);

        // It was accepted once, and is not asked again.
        server.Finish();
        await row.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync();
        await Assertions.Expect(row.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await page.Locator("#dialog form > button").ClickAsync();
        await page.Locator("#model").SelectOptionAsync("sharp");
        Assert.IsEmpty(Complaints, string.Join('\n', Complaints));
    }

    [TestMethod]
    public async Task A_file_of_ones_own_is_chosen_like_any_other()
    {
        IPage page = await OpenPageAsync(await StartAsync());
        await Assertions.Expect(page.Locator("#model")).ToBeEnabledAsync();
        await page.Locator("#models").ClickAsync();
        IFileChooser chooser = await page.RunAndWaitForFileChooserAsync(() => page.Locator("[data-act=AddModelFile]").ClickAsync());
        await chooser.SetFilesAsync(Path.Combine(Repository.Root, "models", "vivid", "vivid.safetensors"));
        // The name of a model that ships is taken: that is said, and can be put away.
        ILocator trouble = page.Locator(".models .trouble");
        await Assertions.Expect(trouble).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Assertions.Expect(trouble).ToHaveCountAsync(0);
        chooser = await page.RunAndWaitForFileChooserAsync(() => page.Locator("[data-act=AddModelFile]").ClickAsync());
        await chooser.SetFilesAsync(new FilePayload { Name = "mine.safetensors", MimeType = "", Buffer = OwnList.Weights });
        await Assertions.Expect(page.Locator("#model option[value=mine]")).ToHaveCountAsync(1);
        Assert.IsEmpty(Complaints, string.Join('\n', Complaints));
    }
}
