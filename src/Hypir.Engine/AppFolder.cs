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
