using System.Diagnostics;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.PdnHost.Driving;

/// <summary>The engine that the effect finds, and a client of the host's own.</summary>
internal sealed class Engine : IDisposable
{
    private const string Variable = "HYPIR_ENGINE";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public Engine(string program)
    {
        Program = program;
        Environment.SetEnvironmentVariable(Variable, program);
        Client = new(new(program), new() { Name = "host" });
    }

    public EngineClient Client { get; }

    /// <summary>The program.</summary>
    public string Program { get; }

    public async Task<long> JobsAsync() => (await Client.GetStatusAsync().ConfigureAwait(false)).EndedJobs;

    /// <summary>Ends the engine's process without a word.</summary>
    public async Task KillAsync()
    {
        using var process = Process.GetProcessById((await Client.ConnectAsync().ConfigureAwait(false)).ProcessId);
        process.Kill();
    }

    /// <summary>Runs the program as a person does.</summary>
    public async Task RunAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Program, arguments) { UseShellExecute = false })!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{string.Join(' ', arguments)} did not end.");
        }
        Check.That(process.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    /// <summary>Has the effect find another engine, or none.</summary>
    public async Task<IAsyncDisposable> InsteadAsync(string program)
    {
        await Client.ShutdownAsync().ConfigureAwait(false);
        Environment.SetEnvironmentVariable(Variable, program);
        return new Back(this);
    }

    /// <summary>Replaces the engine by one that may use next to no memory.</summary>
    public async Task<IAsyncDisposable> WithLittleMemoryAsync()
    {
        IAsyncDisposable back = await InsteadAsync(Program).ConfigureAwait(false);
        using Process process = Process.Start(
            new ProcessStartInfo(Program, ["serve", "--memory-limit", "30M"]) { UseShellExecute = false })!;
        // A dialog that asked before this one listens would start an engine without the limit.
        for (var waited = Stopwatch.StartNew(); !await AnswersAsync(process.Id).ConfigureAwait(false);)
        {
            if (process.HasExited || waited.Elapsed > Patience)
                throw new TimeoutException("The engine with little memory did not answer.");
            await Task.Delay(100).ConfigureAwait(false);
        }

        return back;
    }

    private static async Task<bool> AnswersAsync(int process)
    {
        try
        {
            using var asking = new EngineClient(null);
            return (await asking.ConnectAsync().ConfigureAwait(false)).ProcessId == process;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    public void Dispose() => Client.Dispose();

    private sealed class Back(Engine engine) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            using (var whoever = new EngineClient(null))
                await whoever.ShutdownAsync().ConfigureAwait(false);
            Environment.SetEnvironmentVariable(Variable, engine.Program);
        }
    }
}
