using Hypir.Restoration.Planning;

namespace Hypir.Engine;

/// <summary>Where the program keeps what it learns about this machine: local application data, or the folder that HYPIR_HOME names.</summary>
internal static class AppFolder
{
    /// <summary>The measured speeds.</summary>
    public static SpeedBook Speeds => Environment.GetEnvironmentVariable("HYPIR_HOME") is { Length: > 0 } home
        ? new SpeedBook(Path.Combine(home, "speeds.json"))
        : SpeedBook.Default;
}
