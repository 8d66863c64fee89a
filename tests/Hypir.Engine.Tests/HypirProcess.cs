using System.Diagnostics;
using System.Text.Json;

namespace Hypir.Engine.Tests;

/// <summary>Runs the built program as a person does: a process with arguments, streams and an exit code.</summary>
internal static class HypirProcess
{
    // Far beyond what any of these runs takes: it only keeps a hanging process from hanging the tests.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Starts the program in a folder.</summary>
    public static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hypir.exe" : "hypir"), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            StandardErrorEncoding = System.Text.Encoding.UTF8,
        };
        start.Environment["HYPIR_HOME"] = Path.Combine(folder, ".home");
        return Process.Start(start)!;
    }

    /// <summary>Runs the program to its end.</summary>
    public static Run Run(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return Finish(process);
    }

    /// <summary>Waits for the end and takes what is left of the streams.</summary>
    public static Run Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill();
            Assert.Fail("The program did not end.");
        }

        return new Run((ExitCode)process.ExitCode, output.Result, error.Result);
    }
}

/// <summary>What a run gave.</summary>
internal sealed record Run(ExitCode Code, string Output, string Error)
{
    /// <summary>The JSON lines of the output.</summary>
    public IReadOnlyList<JsonElement> Events => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    /// <summary>The JSON lines of one kind.</summary>
    public IReadOnlyList<JsonElement> Of(string kind) => [.. Events.Where(line => line.GetProperty("event").GetString() == kind)];

    /// <summary>Fails where the run ended otherwise, and shows what it said.</summary>
    public Run MustEnd(ExitCode code)
    {
        Assert.AreEqual(code, Code, $"{Output}\n{Error}");
        return this;
    }
}
