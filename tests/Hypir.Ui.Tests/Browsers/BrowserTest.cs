using Microsoft.Playwright;

namespace Hypir.Ui.Tests.Browsers;

/// <summary>A test in a real browser: Chromium as Debian has it, in its own part of .ci/run.</summary>
public abstract class BrowserTest : UiTest
{
    // Nothing here takes as long: it only keeps a lost event from hanging the tests.
    private const float Limit = 2 * 60 * 1000;

    private static readonly SemaphoreSlim Starting = new(1, 1);
    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    private readonly List<IBrowserContext> _contexts = [];

    private protected override UiSettings Settings => base.Settings with { Engine = Engine };

    /// <summary>What the page's console said that it should not.</summary>
    protected List<string> Complaints { get; } = [];

    [TestCleanup]
    public async Task ClosePages()
    {
        foreach (IBrowserContext context in _contexts)
            await context.CloseAsync();
    }

    /// <summary>Ends the browser that all tests share.</summary>
    public static async Task EndAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    /// <summary>A browser's own profile, with a page that shows nothing yet.</summary>
    private protected async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        IBrowserContext context = await (await BrowserAsync()).NewContextAsync(options ?? new() { Locale = "en-US" });
        context.SetDefaultTimeout(Limit);
        Assertions.SetDefaultExpectTimeout(Limit);
        _contexts.Add(context);
        return await WatchAsync(await context.NewPageAsync());
    }

    /// <summary>Opens the window in a new profile.</summary>
    private protected async Task<IPage> OpenPageAsync(UiServer window, BrowserNewContextOptions? options = null)
    {
        IPage page = await NewPageAsync(options);
        // The first page leads on by itself, maybe before it has been loaded: an event of that navigation may come too early to be seen.
        await page.GotoAsync(window.NewAddress(), new() { WaitUntil = WaitUntilState.Commit });
        await Assertions.Expect(page).ToHaveURLAsync(window.PageAddress);
        // The last thing that the page does before it listens to the window; it listens to the person by then.
        await Assertions.Expect(page.Locator("#language")).Not.ToBeEmptyAsync();
        return page;
    }

    private protected async Task<IPage> WatchAsync(IPage page)
    {
        page.PageError += (_, error) => Complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Complaints.Add(message.Text);
        };
        return await Task.FromResult(page);
    }

    private static async Task<IBrowser> BrowserAsync()
    {
        if (Environment.GetEnvironmentVariable("HYPIR_CHROMIUM") is not { Length: > 0 } chromium)
        {
            Assert.Inconclusive("HYPIR_CHROMIUM does not name a browser.");
            return null!;
        }
        await Starting.WaitAsync();
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = chromium,
                Timeout = Limit,
                // Chromium's sandbox refuses root. The rule stands for a name server of an attacker's: DNS rebinding.
                Args = ["--no-sandbox", "--host-resolver-rules=MAP rebound.example 127.0.0.1, MAP other.example 127.0.0.1"],
            });
        }
        finally
        {
            Starting.Release();
        }
    }
}

/// <summary>What all tests of the assembly share.</summary>
[TestClass]
public static class Shared
{
    [AssemblyCleanup]
    public static Task End() => BrowserTest.EndAsync();
}
