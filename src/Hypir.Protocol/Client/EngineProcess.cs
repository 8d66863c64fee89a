using System.ComponentModel;
using System.Diagnostics;

namespace Hypir.Protocol;

/// <summary>An engine that this client started. It outlives the client: others may use it, and it ends by itself when it is idle.</summary>
internal sealed class EngineProcess : IDisposable
{
    /// <summary>The exit code of an engine that found another one under its name.</summary>
    public const int AlreadyRunning = 6;

    private readonly Process _process;
    private readonly LastLines _errors = new();

    private EngineProcess(Process process)
    {
        _process = process;
        // Streams that nobody reads would fill up and stop the engine; those of this program are not the engine's to keep open.
        process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        process.StandardInput.Close();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public IReadOnlyList<string> Errors => _errors.ToList();

    public static EngineProcess Start(EngineLocation location, string pipe)
    {
        string[] arguments = [.. location.Arguments, "serve", "--pipe", pipe, .. location.ServeArguments];
        var start = new ProcessStartInfo(location.Executable, arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in location.Environment)
            start.Environment[name] = value;
        try
        {
            return new(Process.Start(start)!);
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            throw new EngineException(EngineError.EngineMissing, $"The engine {location.Executable} cannot be started: {failure.Message}",
                new("Install Hypir again."), failure);
        }
    }

    public Task WaitForExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    public void Dispose() => _process.Dispose();
}
