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

    /// <summary>The folder of the models, unless another one is asked for.</summary>
    public static string Models => IOPath.Combine(Path, "models");

    /// <summary>The person's own list of models that can be had; often there is none.</summary>
    public static string Manifest => IOPath.Combine(Path, "models.yaml");

    /// <summary>The failures of earlier runs.</summary>
    public static Doctor.ErrorLog Errors => new(IOPath.Combine(Path, "errors.jsonl"));

    /// <summary>The measured speeds.</summary>
    public static SpeedBook Speeds => new(IOPath.Combine(Path, "speeds.json"));
}
