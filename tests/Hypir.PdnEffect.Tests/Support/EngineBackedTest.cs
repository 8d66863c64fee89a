using System.Diagnostics;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.Protocol.Client;

namespace Hypir.PdnEffect.Tests.Support;

/// <summary>A test with an engine of its own: a real process, which ends with the test.</summary>
public abstract class EngineBackedTest
{
    public TestContext TestContext { get; set; } = null!;

    /// <summary>The test's folder; the engine's own is in it.</summary>
    protected string Folder { get; private set; } = "";

    private protected EngineAccess Access { get; private set; } = null!;

    /// <summary>A client of the test's own.</summary>
    private protected EngineClient Client { get; private set; } = null!;

    private protected static string Program { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hypir.exe" : "hypir");

    [TestInitialize]
    public void Begin()
    {
        Folder = Directory.CreateTempSubdirectory("hypir-effect-").FullName;
        var location = new EngineLocation(Program)
        {
            Environment = new Dictionary<string, string> { ["HYPIR_HOME"] = Path.Combine(Folder, "home") },
        };
        Access = new(location, $"hypir-test-{Guid.NewGuid():N}"[..30]);
        Client = new(location, new() { Pipe = Access.Pipe, Name = "test" });
    }

    [TestCleanup]
    public async Task End()
    {
        Client.Dispose();
        using (var last = new EngineClient(null, new() { Pipe = Access.Pipe }))
            await last.ShutdownAsync(TestContext.CancellationToken);
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The engine's process.</summary>
    private protected async Task<Process> ProcessAsync() =>
        Process.GetProcessById((await Client.ConnectAsync(TestContext.CancellationToken)).ProcessId);

    /// <summary>Jobs that the engine has ended.</summary>
    private protected async Task<long> JobsAsync() => (await Client.GetStatusAsync(TestContext.CancellationToken)).EndedJobs;

    /// <summary>Runs `hypir restore` on a file of the folder, with the model that the dialog begins with.</summary>
    private protected void Restore(string input, string output, params string[] more)
    {
        var start = new ProcessStartInfo(Program, ["restore", input, "-o", output, "--overwrite", .. more])
        {
            WorkingDirectory = Folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["HYPIR_HOME"] = Path.Combine(Folder, "home");
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.CancellationToken);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, error.Result);
    }
}
