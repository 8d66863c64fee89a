using System.Diagnostics;
using System.Text.Json;

namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>Starts <see cref="CheckpointProbe"/> and reads its reports.</summary>
internal static class ProbeRun
{
    /// <summary>
    /// Runs the probe in a folder. A process that does not end in time is ended, and the test fails with the last file that it came to.
    /// </summary>
    public static IReadOnlyList<ProbeReport> Start(string workingFolder, TimeSpan limit, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(CheckpointProbe).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        List<ProbeReport> reports = [];
        using var ended = new CancellationTokenSource(limit);
        using var kill = ended.Token.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line)
            reports.Add(JsonSerializer.Deserialize<ProbeReport>(line)!);
        process.WaitForExit();
        Assert.AreEqual(
            0, process.ExitCode,
            $"The probe broke off after {reports.Count} files, the last {reports.LastOrDefault()?.File}: {errors.Result}");
        return reports;
    }
}
