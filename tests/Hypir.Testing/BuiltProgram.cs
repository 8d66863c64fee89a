using System.Diagnostics;
using System.Text;

namespace Hypir.Testing;

/// <summary>
/// A built program, run as a person does: a process with arguments, streams and an exit code. What it keeps lies in the folder that it runs
/// in.
/// </summary>
/// <param name="name">Its name; it lies beside the tests.</param>
public sealed class BuiltProgram(string name)
{
    /// <summary>The folder, within that of a run, for models, settings and speeds.</summary>
    public const string Home = ".home";

    // Far beyond what any of these runs takes: it only keeps a hanging process from hanging the tests.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary><c>hypir</c>.</summary>
    public static BuiltProgram Engine { get; } = new("hypir");

    /// <summary><c>hypir-train</c>.</summary>
    public static BuiltProgram Trainer { get; } = new("hypir-train");

    /// <summary>The program's file.</summary>
    public string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>Starts the program in a folder, with nothing to read on its standard input.</summary>
    public Process Start(string folder, params string[] arguments) => Start(folder, new Dictionary<string, string>(), arguments);

    /// <summary>Starts the program in a folder, with variables of the environment.</summary>
    public Process Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            WorkingDirectory = folder,
            Environment = { ["HYPIR_HOME"] = System.IO.Path.Combine(folder, Home) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs the program to its end.</summary>
    public ProgramRun Run(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return Finish(process);
    }

    /// <summary>Runs the program to its end.</summary>
    public async Task<ProgramRun> RunAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return await FinishAsync(process);
    }

    /// <summary>Waits for the end and takes what is left of the streams.</summary>
    public static ProgramRun Finish(Process process) => FinishAsync(process).GetAwaiter().GetResult();

    /// <summary>Waits for the end and takes what is left of the streams.</summary>
    public static async Task<ProgramRun> FinishAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return new((ExitCode)process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new AssertFailedException("The program did not end.");
        }
    }
}
