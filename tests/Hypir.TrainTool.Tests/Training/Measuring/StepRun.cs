using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Hypir.TrainTool.Tests.Training.Measuring;

/// <summary>Starts <see cref="StepProbe"/> and reads its report.</summary>
internal static class StepRun
{
    /// <summary>
    /// Measures steps of a shape. The process gives every larger block back to the system at once, so that its resident memory is what is
    /// alive.
    /// </summary>
    public static StepMeasure Start(string shape, int batches)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("The largest resident memory of one step can be measured on Linux only.");
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
        };
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "65536";
        foreach (string argument in new[] { typeof(StepProbe).Assembly.Location, shape, batches.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        string last = "";
        while (process.StandardOutput.ReadLine() is { } line)
            Console.WriteLine(last = line);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, last);
        return JsonSerializer.Deserialize<StepMeasure>(last)!;
    }
}
