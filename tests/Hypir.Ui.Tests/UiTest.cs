using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hypir.Imaging;
using Hypir.Protocol.Client;
using Hypir.Testing;

namespace Hypir.Ui.Tests;

/// <summary>A test with a window of its own: a real server, asked over HTTP.</summary>
public abstract class UiTest
{
    private readonly List<UiServer> _windows = [];
    private readonly List<HttpClient> _clients = [];

    public TestContext TestContext { get; set; } = null!;

    /// <summary>The test's folder.</summary>
    protected TemporaryFolder Folder { get; } = new();

    /// <summary>The engine's pipe.</summary>
    protected string Pipe { get; } = $"hypir-test-{Guid.NewGuid():N}"[..30];

    /// <summary>The folder for results.</summary>
    protected string Results => Folder["results"];

    /// <summary>The window's settings: without an engine, since few tests need one.</summary>
    private protected virtual UiSettings Settings => new()
    {
        Output = Results,
        Engine = null,
        Pipe = Pipe,
        StartLimit = TimeSpan.FromMinutes(10),
    };

    /// <summary>The built engine, with a folder of the test's own.</summary>
    private protected EngineLocation Engine => new(BuiltProgram.Engine.Path)
    {
        Environment = new Dictionary<string, string> { ["HYPIR_HOME"] = Folder[BuiltProgram.Home] },
    };

    [TestCleanup]
    public async Task End()
    {
        foreach (HttpClient client in _clients)
            client.Dispose();
        foreach (UiServer window in _windows)
            await window.DisposeAsync();
        using (var engine = new EngineClient(null, new() { Pipe = Pipe }))
            await engine.ShutdownAsync();
        Folder.Dispose();
    }

    /// <summary>Starts a window.</summary>
    private protected async Task<UiServer> StartAsync(UiSettings? settings = null)
    {
        UiServer window = (await UiServer.StartAsync(settings ?? Settings, TestContext.CancellationToken)).Window!;
        _windows.Add(window);
        return window;
    }

    /// <summary>A client that keeps its cookies as a browser does, but sends only what it is told.</summary>
    private protected HttpClient Client(UiServer window)
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(window.PageAddress),
        };
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that has traded a token for the cookie, and sends what the page sends.</summary>
    private protected async Task<HttpClient> OpenAsync(UiServer window)
    {
        HttpClient client = Client(window);
        (await client.GetAsync(window.NewAddress(), TestContext.CancellationToken)).EnsureSuccessStatusCode();
        client.DefaultRequestHeaders.Add("Origin", client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        client.DefaultRequestHeaders.Add("X-Hypir", "1");
        return client;
    }

    /// <summary>Sends a file as the page does.</summary>
    private protected async Task<HttpResponseMessage> UploadAsync(HttpClient client, byte[] file, string name, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "images")
        {
            Content = new ByteArrayContent(file),
            Headers = { { "X-File-Name", Uri.EscapeDataString(name) } },
        };
        if (chunked)
            request.Headers.TransferEncodingChunked = true;
        return await client.SendAsync(request, TestContext.CancellationToken);
    }

    /// <summary>Asks for something, as the page does.</summary>
    private protected static async Task PostAsync(HttpClient client, string path, object? body)
    {
        // A length is needed: only uploads come in pieces.
        using var json = new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(path, json);
        Assert.AreEqual(HttpStatusCode.NoContent, answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends an image, and gives its id.</summary>
    private protected async Task<string> AddAsync(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await UploadAsync(client, await File.ReadAllBytesAsync(path), Path.GetFileName(path));
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>Reads the page's events until a state is as wanted.</summary>
    private protected async Task<JsonElement> UntilAsync(HttpClient client, Func<JsonElement, bool> wanted)
    {
        await using Stream stream = await client.GetStreamAsync("events", TestContext.CancellationToken);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(TestContext.CancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)
                && JsonSerializer.Deserialize<JsonElement>(line[6..]) is var state && wanted(state))
                return state;
        }
        throw new AssertFailedException("The window ended.");
    }

    /// <summary>Waits until an image's job is over.</summary>
    private protected async Task<JsonElement> SettledAsync(HttpClient client, string id) => Image(
        await UntilAsync(client, state => Image(state, id).GetProperty("state").GetString() is not ("queued" or "running")), id);

    /// <summary>An image of a state.</summary>
    private protected static JsonElement Image(JsonElement state, string id) =>
        state.GetProperty("images").EnumerateArray().Single(image => image.GetProperty("id").GetString() == id);

    /// <summary>Writes an image of smooth shapes and grain.</summary>
    private protected string MakeImage(string name, int width = 64, int height = 48, bool alpha = false, int bits = 8)
    {
        var random = new Random(width * 31 + height);
        byte[] rgb = new byte[3 * width * height * (bits / 8)];
        for (int i = 0; i < rgb.Length; i++)
            rgb[i] = (byte)(128 + 60 * Math.Sin(i / 3 % width / 9.0 + i % 3) + 40 * Math.Cos(i / 3 / width / 7.0) + random.Next(-15, 16));
        byte[]? plane = !alpha ? null
            : [.. Enumerable.Range(0, width * height * (bits / 8)).Select(i => (byte)(i % width * 255 / (width - 1)))];
        string path = Folder.File(name);
        ImageFile.Save(new RasterImage(width, height, bits, rgb, plane), path);
        return path;
    }
}
