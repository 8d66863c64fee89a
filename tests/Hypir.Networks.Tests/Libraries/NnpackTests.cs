using System.Diagnostics;

namespace Hypir.Networks.Tests.Libraries;

/// <summary>libtorch computes without NNPACK, which writes to the standard error where it does not know the processor.</summary>
[TestClass]
public sealed class NnpackTests
{
    [TestMethod]
    public void Convolutions_write_nothing_to_the_standard_error()
    {
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host, [typeof(NnpackProbe).Assembly.Location, NnpackProbe.Verb])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string[] output = process.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.AreEqual("", errors.Result);
        Assert.AreEqual(0, process.ExitCode);
        // The setting itself: on processors that NNPACK knows it would be silent anyhow.
        Assert.HasCount(2, output);
        Assert.AreEqual(OperatingSystem.IsLinux() ? "0" : "absent", output[0]);
        Assert.AreEqual(NnpackProbe.Done, output[1]);
    }
}
