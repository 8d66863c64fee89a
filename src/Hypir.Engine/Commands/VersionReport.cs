using System.Reflection;
using Hypir.Networks.Libraries;
using Hypir.Restoration.Planning.Machine;
using TorchSharp;

namespace Hypir.Engine.Commands;

/// <summary>What <c>hypir --version</c> tells: what a report of a fault needs.</summary>
internal static class VersionReport
{
    /// <summary>Writes the versions of program and libraries, and the device that "auto" means. What is wrong with libtorch takes its version's place.</summary>
    /// <param name="output">Where they are written.</param>
    /// <param name="machine">The machine.</param>
    /// <returns>Whether libtorch loads, as an exit code.</returns>
    public static ExitCode Write(TextWriter output, MachineFacts machine)
    {
        TorchLoadException? problem = TorchProbe.Find();
        output.WriteLine($"hypir {Version(typeof(VersionReport))}");
        output.WriteLine($"TorchSharp {Version(typeof(torch))}");
        output.WriteLine(problem is null ? $"libtorch {Libtorch()}{(NativeTorch.Folder is { } folder ? $", from {folder}" : "")}" : $"{problem.Message} {problem.Remedy}");
        output.WriteLine(machine.Cards.Count > 0 ? $"device cuda:{machine.Cards[0].Index}, {machine.Cards[0].Name}" : $"device cpu, {machine.Cores} cores");
        return problem is null ? ExitCode.Success : ExitCode.BadFile;
    }

    /// <summary>The library says four figures, of which the last is always 0.</summary>
    private static string Libtorch() => System.Version.TryParse(torch.__version__, out var version) ? version.ToString(3) : torch.__version__;

    private static string Version(Type type)
    {
        string? version = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return (version ?? type.Assembly.GetName().Version?.ToString() ?? "unknown").Split('+')[0];
    }
}
