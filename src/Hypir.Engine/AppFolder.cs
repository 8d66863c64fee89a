using Hypir.Restoration.Planning;
using IOPath = System.IO.Path;

namespace Hypir.Engine;

/// <summary>Where the program keeps what it learns about this machine: local application data, or the folder that HYPIR_HOME names.</summary>
internal static class AppFolder
{
    /// <summary>The folder.</summary>
    public static string Path => Environment.GetEnvironmentVariable("HYPIR_HOME") is { Length: > 0 } home
        ? home
        : IOPath.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "hypir");

    /// <summary>The measured speeds.</summary>
    public static SpeedBook Speeds => new(IOPath.Combine(Path, "speeds.json"));
}
