using System.Diagnostics;
using Hypir.Models.Store;
using Hypir.Restoration.Planning;
using IOPath = System.IO.Path;

namespace Hypir.Engine;

/// <summary>Where the program keeps what it learns about this machine: beside the models.</summary>
internal static class AppFolder
{
    /// <summary>The folder.</summary>
    public static string Path => ModelHome.Default.Folder;

    /// <summary>The failures of earlier runs.</summary>
    public static Doctor.ErrorLog Errors => new(IOPath.Combine(Path, "errors.jsonl"));

    /// <summary>The measured speeds.</summary>
    public static SpeedBook Speeds => new(IOPath.Combine(Path, "speeds.json"));
}

/// <summary>This program, to be started once more.</summary>
internal static class OwnProgram
{
    /// <summary>How it is started.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        // Where the runtime is the process, its first argument is the program.
        bool hosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return new(Environment.ProcessPath!, hosted ? [typeof(OwnProgram).Assembly.Location, .. arguments] : arguments);
    }
}
