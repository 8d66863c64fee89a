using System.Diagnostics;
using System.Globalization;
using Hypir.Models.Backends;
using Hypir.Networks.Libraries;
using Hypir.Planning.Machine;

namespace Hypir.Engine.Doctor;

/// <summary>
/// Runs <c>hypir --version</c>, which loads libtorch, in a separate process, because a damaged library can crash it.
/// </summary>
internal static class VersionCheck
{
    // Much longer than a slow disk needs.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The lines with the versions of the program and its libraries, or the reason why libtorch does not load.</summary>
    public static IEnumerable<string> Run()
    {
        ProcessStartInfo start = OwnProgram.With("--version", LibTorchChoice.Option, NativeTorch.Folder ?? LibTorchChoice.Own);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.RedirectStandardInput) = (true, true, true);
        (start.StandardOutputEncoding, start.StandardErrorEncoding) = (System.Text.Encoding.UTF8, System.Text.Encoding.UTF8);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(Limit);
        if (!ended)
            process.Kill(entireProcessTree: true);
        foreach (string line in Lines(output.GetAwaiter().GetResult()))
            yield return line;
        if (!ended)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"libtorch does not load: it took longer than {Limit.TotalMinutes:0} minutes.");
        // Other failures are already explained in its output.
        else if ((ExitCode)process.ExitCode is not (ExitCode.Success or ExitCode.BadFile))
        {
            string code = string.Create(CultureInfo.InvariantCulture, $"exit code {process.ExitCode}, 0x{process.ExitCode:X8}");
            yield return $"libtorch does not load: the process that loaded it crashed ({code}). {TorchProbe.Repair}";
            foreach (string line in Lines(error.GetAwaiter().GetResult()).Take(1))
                yield return line;
        }
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
