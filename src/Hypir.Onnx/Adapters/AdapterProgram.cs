using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Hypir.Planning.Machine;

namespace Hypir.Onnx.Adapters;

/// <summary>Lists the machine's GPUs in a process of its own, since this loads their drivers.</summary>
public static class AdapterProgram
{
    /// <summary>The program's only argument.</summary>
    public const string Command = "graph-adapters";

    /// <summary>How long drivers may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Writes the list to standard output.</summary>
    /// <returns>The exit code.</returns>
    public static int Run()
    {
        IReadOnlyList<GpuAdapter> found = OperatingSystem.IsWindows() ? DxgiAdapters.Find() : VulkanAdapters.Find();
        using Stream output = Console.OpenStandardOutput();
        JsonSerializer.Serialize(output, found);
        return 0;
    }

    /// <summary>Starts the process and reads its list.</summary>
    /// <param name="program">The program's full path.</param>
    /// <returns>The GPUs; none if the process fails or does not end, as with a driver that crashes.</returns>
    public static IReadOnlyList<GpuAdapter> Ask(string program)
    {
        var start = new ProcessStartInfo(program, Command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            // Drivers may print more than a pipe holds.
            process.BeginErrorReadLine();
            Task<string> list = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return [];
            }

            return process.ExitCode == 0 ? JsonSerializer.Deserialize<List<GpuAdapter>>(list.Result) ?? [] : [];
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException or JsonException)
        {
            return [];
        }
    }
}
