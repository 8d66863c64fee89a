using System.Diagnostics;

namespace Hypir.TrainTool.Tests.Commands;

/// <summary>Runs the built programs as a person does: a process with arguments, streams and an exit code. The store of models is one of the folder's own.</summary>
internal static class TrainProcess
{
    // Far beyond what any of these runs takes: it only keeps a hanging process from hanging the tests.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public static Process Start(string folder, params string[] arguments) => StartProgram("hypir-train", folder, arguments);

    /// <summary>Runs the engine's program.</summary>
    public static Run Engine(string folder, params string[] arguments)
    {
        using var process = StartProgram("hypir", folder, arguments);
        return Finish(process);
    }

    private static Process StartProgram(string program, string folder, string[] arguments) => Process.Start(
        new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? program + ".exe" : program), arguments)
        {
            WorkingDirectory = folder,
            Environment = { ["HYPIR_HOME"] = Path.Combine(folder, "home") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            StandardErrorEncoding = System.Text.Encoding.UTF8,
        })!;

    public static Run Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill();
            Assert.Fail("The program did not end.");
        }
        return new(process.ExitCode, output.Result, error.Result);
    }

    public static Run Run(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return Finish(process);
    }
}

/// <summary>What a run gave.</summary>
internal sealed record Run(int Code, string Output, string Error)
{
    public Run MustEnd(int code)
    {
        Assert.AreEqual(code, Code, $"{Output}\n{Error}");
        return this;
    }
}
