using System.Diagnostics;
using Hypir.Engine.Restoring;
using Hypir.Models.Store;
using Hypir.Planning;
using IOPath = System.IO.Path;

namespace Hypir.Engine;

/// <summary>The folder for what the program learns about this machine, next to the models.</summary>
internal static class AppFolder
{
    /// <summary>The folder.</summary>
    public static string Path => ModelHome.Default.Folder;

    /// <summary>The failures of earlier runs.</summary>
    public static Doctor.ErrorLog Errors => new(IOPath.Combine(Path, "errors.jsonl"));

    /// <summary>The folders of earlier runs' results.</summary>
    public static KnownOutputs Outputs => new(IOPath.Combine(Path, "outputs.json"));

    /// <summary>The measured speeds.</summary>
    public static SpeedBook Speeds => new(IOPath.Combine(Path, "speeds.json"));
}

/// <summary>Starts this program again.</summary>
internal static class OwnProgram
{
    /// <summary>The start information for this program.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        // If the process is the dotnet host, the program is its first argument.
        bool hosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return new(Environment.ProcessPath!, hosted ? [typeof(OwnProgram).Assembly.Location, .. arguments] : arguments);
    }
}
