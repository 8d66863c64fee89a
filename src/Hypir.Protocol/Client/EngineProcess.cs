using System.ComponentModel;
using System.Diagnostics;
using Hypir.Protocol.Messages;

namespace Hypir.Protocol.Client;

/// <summary>An engine that this client started. It outlives the client: others may use it, and it ends by itself when it is idle.</summary>
internal sealed class EngineProcess
{
    private readonly LastLines _errors = new();

    private EngineProcess(Process process)
    {
        Id = process.Id;
        // Streams that nobody reads would fill up and stop the engine; those of this program are not the engine's to keep open.
        process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        process.StandardInput.Close();
        Exit = ExitOf(process);
    }

    public int Id { get; }

    /// <summary>Its exit code, when it has ended and the last of its words have come. Any number of calls can wait for it.</summary>
    public Task<int> Exit { get; }

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

    /// <summary>What the system keeps of a process is freed with its end, and not before somebody has asked for its exit code.</summary>
    private static async Task<int> ExitOf(Process process)
    {
        using (process)
        {
            await process.WaitForExitAsync().ConfigureAwait(false);
            return process.ExitCode;
        }
    }
}
