using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Hypir.Ui.Tests.Browsers;

/// <summary>
/// Pages of others, in the browser that has the window's cookie: on another port of the same host, and under another name that leads to
/// this machine.
/// </summary>
[TestClass]
[TestCategory("Browser")]
public sealed class AttackTests : BrowserTest
{
    /// <summary>Tries everything that a page can send without asking, and what needs asking; gives what came back.</summary>
    private const string Attack = """
        async root => {
            const seen = [];
            const tell = async (name, request) => {
                try {
                    const answer = await request();
                    seen.push(`${name}: ${answer.type} ${answer.status} ${(await answer.text()).length}`);
                } catch { seen.push(`${name}: refused`); }
            };
            await tell("read", () => fetch(root, { credentials: "include" }));
            await tell("blind", () => fetch(root + "cancel", { method: "POST", mode: "no-cors", credentials: "include", body: "x" }));
            await tell("change", () => fetch(root + "folder", { method: "POST", credentials: "include", headers: { "X-Hypir": "1" } }));
            await tell("stream", () => fetch(root + "events", { credentials: "include" }));
            for (const name of ["img", "script", "iframe"]) {
                seen.push(await new Promise(done => {
                    const element = document.createElement(name);
                    element.onload = () => done(`${name}: loaded ${element.naturalWidth ?? ""}`);
                    element.onerror = () => done(`${name}: refused`);
                    element.src = root + (name === "img" ? "page/icon.png" : name === "script" ? "page/js/words.js" : "");
                    document.body.append(element);
                }));
            }
            return seen;
        }
        """;

    private WebApplication? _other;

    private protected override UiSettings Settings => base.Settings with { Engine = null };

    [TestCleanup]
    public async Task EndOther()
    {
        if (_other is not null)
            await _other.DisposeAsync();
    }

    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow("other.example")]
    public async Task Pages_of_others_learn_and_change_nothing(string host)
    {
        bool shown = false;
        UiServer window = await StartAsync(Settings with { ShowFolder = _ => shown = true });
        IPage page = await OpenPageAsync(window);
        await Assertions.Expect(page.Locator("#empty")).ToBeVisibleAsync();
        int port = await OtherAsync("<!doctype html><body>other");
        IPage other = await page.Context.NewPageAsync();
        await other.GotoAsync($"http://{host}:{port}/");
        string[] seen = await other.EvaluateAsync<string[]>(Attack, window.PageAddress);
        foreach (string line in seen.Where(line => !line.StartsWith("iframe", StringComparison.Ordinal)))
            Assert.IsTrue(line.EndsWith("refused", StringComparison.Ordinal) || line == "blind: opaque 0 0", string.Join('\n', seen));
        // A frame of a refused page counts as loaded; what is in it is the browser's own page.
        foreach (IFrame frame in other.Frames.Where(frame => frame != other.MainFrame))
            Assert.IsFalse((await frame.ContentAsync()).Contains("Hypir", StringComparison.Ordinal), await frame.ContentAsync());
        Assert.IsFalse(shown);
    }

    /// <summary>The attacker's name leads to this machine by now: to the browser, page and window are of one origin.</summary>
    [TestMethod]
    public async Task A_rebound_name_is_refused()
    {
        UiServer window = await StartAsync();
        IPage page = await OpenPageAsync(window);
        var address = new Uri(window.PageAddress);
        IPage other = await page.Context.NewPageAsync();
        IResponse? answer = await other.GotoAsync($"http://rebound.example:{address.Port}{address.AbsolutePath}");
        Assert.AreEqual((int)HttpStatusCode.MisdirectedRequest, answer!.Status);
        Assert.AreEqual(421, await other.EvaluateAsync<int>("path => fetch(path).then(answer => answer.status)", address.AbsolutePath));
        Assert.AreEqual(
            421, await other.EvaluateAsync<int>(
                """path => fetch(path + "folder", { method: "POST", headers: { "X-Hypir": "1" } }).then(answer => answer.status)""",
                address.AbsolutePath));
    }

    /// <summary>Forms need no permission, and those of sandboxed frames say that their origin is null.</summary>
    [TestMethod]
    [DataRow("<form method=post enctype=text/plain action=\"ROOTfolder\"><input name=x></form>"
        + "<script>document.forms[0].submit()</script>")]
    [DataRow("<iframe sandbox=\"allow-scripts allow-forms\" srcdoc='<form method=post action=\"ROOTfolder\"></form>"
        + "<script>document.forms[0].submit()</script>'></iframe>")]
    [DataRow("<script>onmessage=()=>document.title=\"done\"</script>"
        + "<iframe sandbox=allow-scripts srcdoc='<script>fetch(\"ROOTfolder\",{method:\"POST\",mode:\"no-cors\",credentials:\"include\"})"
        + ".catch(()=>{}).finally(()=>parent.postMessage(0,\"*\"))</script>'></iframe>")]
    public async Task Forms_and_frames_change_nothing(string html)
    {
        bool shown = false;
        UiServer window = await StartAsync(Settings with { ShowFolder = _ => shown = true });
        IPage page = await OpenPageAsync(window);
        await Assertions.Expect(page.Locator("#empty")).ToBeVisibleAsync();
        int port = await OtherAsync("<!doctype html><body>" + html.Replace("ROOT", window.PageAddress, StringComparison.Ordinal));
        IPage other = await page.Context.NewPageAsync();
        // Newer browsers do not even let a sandboxed script reach this machine: null.
        var answered = new TaskCompletionSource<int?>();
        other.Response += (_, answer) => Answer(answer.Request, answer.Status);
        other.RequestFailed += (_, request) => Answer(request, null);
        await other.GotoAsync($"http://127.0.0.1:{port}/");
        // Requests of such a frame are not always reported, so its script says when it is done.
        if (html.Contains("postMessage", StringComparison.Ordinal))
            await Assertions.Expect(other).ToHaveTitleAsync("done");
        else
            Assert.IsTrue(await answered.Task is null or (int)HttpStatusCode.Forbidden, $"{answered.Task.Result}");
        Assert.IsFalse(shown);
        // The page itself may.
        await page.Locator("#folder").ClickAsync();
        await Testing.Polling.UntilAsync(() => shown);

        void Answer(IRequest request, int? status)
        {
            if (request.Url.EndsWith("folder", StringComparison.Ordinal))
                answered.TrySetResult(status);
        }
    }

    /// <summary>Browsers send a host's cookies to each of its ports: another program must not get this one.</summary>
    [TestMethod]
    public async Task Another_port_does_not_get_the_cookie()
    {
        UiServer window = await StartAsync();
        IPage page = await OpenPageAsync(window);
        List<string> cookies = [];
        int port = await OtherAsync("<!doctype html>", cookies.Add);
        await (await page.Context.NewPageAsync()).GotoAsync($"http://127.0.0.1:{port}/");
        Assert.IsNotEmpty(cookies);
        Assert.IsFalse(cookies.Any(cookie => cookie.Contains("hypir", StringComparison.Ordinal)), string.Join('\n', cookies));
        Assert.AreEqual("", await page.EvaluateAsync<string>("document.cookie"), "Scripts do not see it either.");
    }

    /// <summary>A link in a terminal that is a page itself: the token is enough, whoever leads there.</summary>
    [TestMethod]
    public async Task A_link_with_a_token_opens_the_window()
    {
        UiServer window = await StartAsync();
        int port = await OtherAsync($"<!doctype html><a href=\"{window.NewAddress()}\">window</a>");
        IPage page = await NewPageAsync();
        await page.GotoAsync($"http://other.example:{port}/");
        await page.Locator("a").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(window.PageAddress);
        await Assertions.Expect(page.Locator("#empty h1")).ToBeVisibleAsync();
    }

    private async Task<int> OtherAsync(string html, Action<string>? cookies = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _other = builder.Build();
        _other.Run(context =>
        {
            cookies?.Invoke(context.Request.Headers.Cookie.ToString());
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync(html);
        });
        await _other.StartAsync();
        return new Uri(_other.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }
}
