using System.Security.Cryptography;
using System.Text;
using Hypir.Models.Tests.Support;
using Hypir.Protocol.Client;
using Hypir.Testing;

namespace Hypir.Models.Tests.Serving;

/// <summary>An engine with a home of its own, and a server that has the small model of the goldens for it.</summary>
internal sealed class EngineHome : IAsyncDisposable
{
    /// <summary>The model that the server has.</summary>
    public const string Model = "tiny";

    private readonly TemporaryFolder _folder = new();
    private readonly string _pipe = $"hypir-test-{Guid.NewGuid():N}"[..30];
    private readonly List<EngineClient> _clients = [];

    /// <summary>The largest of the model's files, which downloads are cut in; as it is in the manifest.</summary>
    public static string Largest { get; } = Files().MaxBy(file => new FileInfo(file).Length)!;

    public string Home => Path.Combine(_folder.Path, BuiltProgram.Home);

    /// <summary>A path outside the engine's home.</summary>
    public string In(string name) => _folder.File(name);

    /// <summary>Where the largest file comes to lie.</summary>
    public string Target => Path.Combine(Home, "models", Model, Relative(Largest));

    /// <summary>Writes the person's own list of models: the small one under a license, from a server.</summary>
    public void WriteManifest(TestServer server, bool rightHash = true)
    {
        var text = new StringBuilder($$"""
            format: 1
            licences:
              test: { name: License of the test, summary: The terms of the test, address: "https://terms.example" }
            entries:
              - name: {{Model}}
                kind: base
                title: The small model
                licence: test
                sources: [{ url: "{{server.Root}}/{path}" }]
                files:

            """);
        foreach (string file in Files())
        {
            string sha256 = Convert.ToHexStringLower(
                rightHash || file != Largest ? SHA256.HashData(File.ReadAllBytes(file)) : new byte[32]);
            text.AppendLine($"      - {{ path: {Relative(file)}, size: {new FileInfo(file).Length}, sha256: {sha256} }}");
        }
        File.WriteAllText(_folder.File(BuiltProgram.Home, "models.yaml"), text.ToString());
    }

    /// <summary>The file that a request asks for.</summary>
    public static byte[] Content(Request request) => File.ReadAllBytes(Path.Combine(Goldens.Require("tiny-sd2"), request.Target[1..]));

    /// <summary>Whether a request asks for the file that downloads are cut in.</summary>
    public static bool IsLargest(Request request) => request.Target[1..] == Relative(Largest);

    /// <summary>A client of the engine; where it starts one, with these words before the program's name.</summary>
    public EngineClient Client(params string[] before)
    {
        string[] command = [.. before, Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hypir.exe" : "hypir")];
        var client = new EngineClient(
            new(command[0])
            {
                Arguments = command[1..],
                Environment = new Dictionary<string, string> { ["HYPIR_HOME"] = Home },
            },
            new() { Pipe = _pipe, Name = "test" }
        );
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that has accepted the license.</summary>
    public async Task<EngineClient> AcceptedAsync()
    {
        EngineClient client = Client();
        await client.AcceptLicenceAsync(await client.GetLicenceAsync("test"));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EngineClient client in _clients)
            client.Dispose();
        using (var last = new EngineClient(null, new() { Pipe = _pipe }))
            await last.ShutdownAsync();
        _folder.Dispose();
    }

    private static string[] Files() =>
        [.. Directory.GetFiles(Goldens.Require("tiny-sd2"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static string Relative(string file) => Path.GetRelativePath(Goldens.Require("tiny-sd2"), file).Replace('\\', '/');
}
