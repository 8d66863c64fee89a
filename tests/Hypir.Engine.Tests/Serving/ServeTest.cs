using System.Diagnostics;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Server;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Serving;

/// <summary>A test with an engine of its own: a process with its own pipe, folder and models, which ends with the test.</summary>
public abstract class ServeTest : EngineTest
{
    private readonly List<EngineClient> _clients = [];

    public TestContext TestContext { get; set; } = null!;

    /// <summary>The engine's pipe.</summary>
    protected string Pipe { get; } = $"hypir-test-{Guid.NewGuid():N}"[..30];

    /// <summary>The engine's own folder.</summary>
    protected string Home => In(BuiltProgram.Home);

    /// <summary>How the engine is started.</summary>
    private protected virtual EngineLocation Location =>
        new(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hypir.exe" : "hypir"))
        {
            Environment = new Dictionary<string, string> { ["HYPIR_HOME"] = Home },
        };

    [TestInitialize]
    public void AddNano() => NanoModel.AddTo(Home);

    [TestCleanup]
    public async Task EndEngine()
    {
        foreach (EngineClient client in _clients)
            client.Dispose();
        // Whatever the test left behind must not outlive it; the base class deletes the folder next.
        using var last = new EngineClient(null, new() { Pipe = Pipe });
        try
        {
            await last.ShutdownAsync();
        }
        catch (EngineException)
        {
            // It hangs or is of another version, as the test wanted.
        }
        if (Holder() is int id && Process.GetProcesses().FirstOrDefault(process => process.Id == id) is { } left)
        {
            left.Kill();
            await left.WaitForExitAsync(TestContext.CancellationToken);
        }
    }

    /// <summary>An engine in which memory runs out or a block hangs: <see cref="FaultyEngine"/>.</summary>
    private protected EngineLocation Faulty(RestoreStage stage, string times, string kind)
    {
        Directory.CreateDirectory(Home);
        string program = Path.Combine(AppContext.BaseDirectory, "Hypir.Engine.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        return new EngineLocation(program) { Arguments = [$"{stage}", times, kind, Home] };
    }

    /// <summary>A client of the test's engine.</summary>
    private protected EngineClient Client(
        IProgress<EngineHealth>? health = null, double silence = 15, EngineLocation? location = null, double patience = 2)
    {
        var client = new EngineClient(location ?? Location, new()
        {
            Pipe = Pipe,
            Name = TestContext.TestName!,
            // Tests share their machine: an engine that starts late has not failed.
            StartLimit = TimeSpan.FromMinutes(10),
            HandshakeLimit = TimeSpan.FromMinutes(10),
            Health = health,
            SilenceLimit = TimeSpan.FromSeconds(silence),
            CancelPatience = TimeSpan.FromSeconds(patience),
        });
        _clients.Add(client);
        return client;
    }

    /// <summary>The engine's process, or null.</summary>
    private protected int? Holder() =>
        EngineFolder.HolderOf(
            new()
            {
                Pipe = Pipe,
                Home = Home,
                Speeds = new(In("speeds")),
                Machine = new ThisMachine(),
            }
        );

    /// <summary>A request.</summary>
    private protected static RestoreRequest Request(int width = 64, int height = 48, PixelLayout layout = PixelLayout.Bgra32) =>
        new()
        {
            Width = width,
            Height = height,
            Layout = layout,
            Model = NanoModel.Name,
        };

    /// <summary>Pixels that differ from row to row and channel to channel.</summary>
    private protected static RowReader Pixels(RestoreRequest request, int seed = 1)
    {
        int rowBytes = new PixelHeader(request.Layout, request.Width, request.Height).RowBytes;
        return (firstRow, rows) =>
        {
            for (int i = 0; i < rows.Length; i++)
                rows[i] = (byte)(128 + 90 * Math.Sin((i % rowBytes) * 0.05 + (firstRow + i / rowBytes) * 0.11 + seed));
        };
    }

    /// <summary>Sends a job and reads its result.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1068", Justification = "The seed is rarely given.")]
    private protected static async Task<byte[]> RestoreAsync(
        EngineClient client, RestoreRequest request, IProgress<JobProgress>? progress = null, CancellationToken cancellation = default,
        int seed = 1)
    {
        using RestoredPixels result = await client.RestoreAsync(request, Pixels(request, seed), progress, cancellation);
        return Bytes(result);
    }

    /// <summary>A result's pixels.</summary>
    private protected static byte[] Bytes(RestoredPixels result)
    {
        int rowBytes = new PixelHeader(result.Result.Layout, result.Width, result.Height).RowBytes;
        var bytes = new byte[rowBytes * result.Height];
        result.Read((row, rows) => rows.CopyTo(bytes.AsSpan(row * rowBytes)));
        return bytes;
    }

    /// <summary>Files in the folder where pixels are exchanged.</summary>
    private protected string[] PixelFiles() => Directory.GetFiles(Path.Combine(Home, "engine", Pipe, "pixels"));
}
