using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace Hypir.Ui.Tests;

/// <summary>Requests that are not the page's own: each rule of docs/window.md, attacked over HTTP.</summary>
[TestClass]
public sealed class RequestTests : UiTest
{
    [TestMethod]
    public async Task Only_this_machine_can_connect()
    {
        int port = new Uri((await StartAsync()).PageAddress).Port;
        IPEndPoint[] listening = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(at => at.Port == port)];
        CollectionAssert.AreEqual(new[] { new IPEndPoint(IPAddress.Loopback, port) }, listening);
    }

    [TestMethod]
    [DataRow("localhost:PORT")]
    [DataRow("127.0.0.1")]
    [DataRow("127.0.0.1:1")]
    [DataRow("127.0.0.1:PORT.evil.example")]
    [DataRow("evil.example:PORT")]
    [DataRow("[::1]:PORT")]
    [DataRow("127.0.0.1:PORT@evil.example")]
    public async Task A_page_that_came_by_another_name_is_refused(string host)
    {
        UiServer window = await StartAsync();
        HttpClient client = await OpenAsync(window);
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.TryAddWithoutValidation("Host", host.Replace("PORT", $"{client.BaseAddress!.Port}", StringComparison.Ordinal));
        HttpStatusCode status = (await client.SendAsync(request)).StatusCode;
        // Kestrel itself refuses what is no name at all.
        Assert.IsTrue(status is HttpStatusCode.MisdirectedRequest or HttpStatusCode.BadRequest, $"{status}");
    }

    [TestMethod]
    [DataRow("GET / HTTP/1.0\r\n\r\n")]
    [DataRow("GET ROOT HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.example\r\n\r\n")]
    [DataRow("GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n")]
    public async Task A_request_without_a_clear_name_is_refused(string text)
    {
        var page = new Uri((await StartAsync()).PageAddress);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, page.Port);
        text = text.Replace("PORT", $"{page.Port}", StringComparison.Ordinal).Replace("ROOT", page.AbsolutePath, StringComparison.Ordinal);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
        using var reader = new StreamReader(socket.GetStream());
        string answer = await reader.ReadLineAsync() ?? "";
        Assert.IsTrue(answer.Contains(" 4", StringComparison.Ordinal), answer);
    }

    [TestMethod]
    public async Task A_token_opens_the_window_once()
    {
        UiServer window = await StartAsync();
        string address = window.NewAddress();
        HttpClient first = Client(window), second = Client(window);
        HttpResponseMessage answer = await first.GetAsync(address);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        string cookie = answer.Headers.GetValues("Set-Cookie").Single();
        foreach (string word in (string[])["httponly", "samesite=strict", $"path={first.BaseAddress!.AbsolutePath}"])
            StringAssert.Contains(cookie, word, StringComparison.OrdinalIgnoreCase);
        Assert.AreEqual(HttpStatusCode.OK, (await first.GetAsync("")).StatusCode);
        Assert.AreEqual(HttpStatusCode.Forbidden, (await second.GetAsync(address)).StatusCode);
        Assert.AreEqual(HttpStatusCode.Forbidden, (await second.GetAsync("")).StatusCode);
        Assert.AreEqual(HttpStatusCode.Forbidden, (await second.GetAsync("/start?token=")).StatusCode);
        Assert.AreEqual(HttpStatusCode.Forbidden, (await second.GetAsync("/start")).StatusCode);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("page/app.css")]
    [DataRow("words/en")]
    [DataRow("events")]
    [DataRow("results.zip")]
    [DataRow("images/0/before")]
    [DataRow("/")]
    [DataRow("/start/../x")]
    public async Task Nothing_is_given_without_the_cookie(string path)
    {
        UiServer window = await StartAsync();
        HttpClient client = Client(window);
        Assert.AreEqual(HttpStatusCode.Forbidden, (await client.GetAsync(path)).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Cookie", "hypir=0" } } };
        Assert.AreEqual(HttpStatusCode.Forbidden, (await client.SendAsync(request)).StatusCode);
    }

    [TestMethod]
    [DataRow(null, "1")]
    [DataRow("null", "1")]
    [DataRow("", "1")]
    [DataRow("http://127.0.0.1:1", "1")]
    [DataRow("https://127.0.0.1:PORT", "1")]
    [DataRow("http://localhost:PORT", "1")]
    [DataRow("http://evil.example", "1")]
    [DataRow("http://127.0.0.1:PORT", null)]
    [DataRow("http://127.0.0.1:PORT", "0")]
    public async Task Only_the_page_can_change_anything(string? origin, string? header)
    {
        UiServer window = await StartAsync();
        HttpClient client = Client(window);
        (await client.GetAsync(window.NewAddress())).EnsureSuccessStatusCode();
        foreach ((HttpMethod method, string path) in ((HttpMethod, string)[])
            [(HttpMethod.Post, "images"), (HttpMethod.Post, "cancel"), (HttpMethod.Post, "folder"), (HttpMethod.Delete, "images/0")])
        {
            using var request = new HttpRequestMessage(method, path);
            if (origin is not null)
                request.Headers.TryAddWithoutValidation(
                    "Origin", origin.Replace("PORT", $"{client.BaseAddress!.Port}", StringComparison.Ordinal));
            if (header is not null)
                request.Headers.Add("X-Hypir", header);
            Assert.AreEqual(HttpStatusCode.Forbidden, (await client.SendAsync(request)).StatusCode, path);
        }
        Assert.IsFalse(Directory.Exists(Results), "The folder was not opened.");
    }

    [TestMethod]
    [DataRow("Origin", "http://evil.example")]
    [DataRow("Origin", "null")]
    [DataRow("Sec-Fetch-Site", "cross-site")]
    [DataRow("Sec-Fetch-Site", "same-site")]
    public async Task Pages_of_others_cannot_even_read(string name, string value)
    {
        UiServer window = await StartAsync();
        HttpClient client = Client(window);
        (await client.GetAsync(window.NewAddress())).EnsureSuccessStatusCode();
        using var request = new HttpRequestMessage(HttpMethod.Get, "") { Headers = { { name, value } } };
        Assert.AreEqual(HttpStatusCode.Forbidden, (await client.SendAsync(request)).StatusCode);
    }

    [TestMethod]
    public async Task Browsers_that_ask_for_permission_get_none()
    {
        HttpClient client = await OpenAsync(await StartAsync());
        using var request = new HttpRequestMessage(HttpMethod.Options, "images")
        {
            Headers = { { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Private-Network", "true" } },
        };
        HttpResponseMessage answer = await client.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.IsFalse(answer.Headers.Any(header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)));
    }

    [TestMethod]
    public async Task Every_answer_says_what_browsers_must_not_do()
    {
        UiServer window = await StartAsync();
        HttpClient client = await OpenAsync(window), stranger = Client(window);
        foreach (HttpResponseMessage answer in (HttpResponseMessage[])
        [
            await client.GetAsync(""), await client.GetAsync("page/app.css"), await client.GetAsync("page/none"),
            await stranger.GetAsync(""),
        ])
        {
            string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            StringAssert.Contains(policy, "default-src 'none'");
            StringAssert.Contains(policy, "frame-ancestors 'none'");
            Assert.IsFalse(policy.Contains("unsafe", StringComparison.Ordinal) || policy.Contains('*', StringComparison.Ordinal), policy);
            Assert.AreEqual("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.AreEqual("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.AreEqual("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
            Assert.IsTrue(answer.Headers.CacheControl!.NoStore);
            Assert.IsFalse(answer.Headers.Contains("Server"));
        }
    }

    [TestMethod]
    [DataRow("page/../../../../../../etc/passwd")]
    [DataRow("page/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [DataRow("page/..%2f..%2f..%2fetc%2fpasswd")]
    [DataRow("page//etc/passwd")]
    [DataRow("words/..%2fen")]
    [DataRow("images/..%2f..%2fetc/passwd")]
    [DataRow("images/%2fetc%2fpasswd/before")]
    public async Task No_path_leads_to_a_file(string path)
    {
        HttpClient client = await OpenAsync(await StartAsync());
        HttpResponseMessage answer = await client.GetAsync(new Uri(client.BaseAddress!.AbsoluteUri + path, new UriCreationOptions
        {
            DangerousDisablePathAndQueryCanonicalization = true,
        }));
        Assert.IsTrue(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden, $"{answer.StatusCode}");
        Assert.IsFalse((await answer.Content.ReadAsStringAsync()).Contains("root:", StringComparison.Ordinal));
    }
}
