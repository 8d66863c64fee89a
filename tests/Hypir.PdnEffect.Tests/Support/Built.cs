using Hypir.Testing;

namespace Hypir.PdnEffect.Tests.Support;

/// <summary>What the solution has built beside these tests.</summary>
internal static class Built
{
    private static readonly string Configuration = AppContext.BaseDirectory.Contains(
        $"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        ? "Release"
        : "Debug";

    /// <summary>The effect's folder, as it lies under Paint.NET's Effects.</summary>
    public static string EffectFolder { get; } =
        Path.Combine(Repository.Root, "src", "Hypir.PdnEffect", "bin", Configuration, "net9.0-windows");

    /// <summary>The effect.</summary>
    public static string Effect { get; } = Path.Combine(EffectFolder, "Hypir.PdnEffect.dll");

    /// <summary>The reference projects' assemblies.</summary>
    public static IReadOnlyList<string> ReferenceAssemblies { get; } =
    [
        .. Directory
            .GetDirectories(Path.Combine(Repository.Root, "src"), "PaintDotNet.*")
            .Order(StringComparer.Ordinal)
            .Select(folder =>
                Directory
                    .GetFiles(Path.Combine(folder, "bin", Configuration), Path.GetFileName(folder) + ".dll", SearchOption.AllDirectories)
                    .OrderByDescending(File.GetLastWriteTimeUtc)
                    .First()
            ),
    ];

    /// <summary>A recorded file.</summary>
    public static string Recorded(string name) => Path.Combine(AppContext.BaseDirectory, "Recorded", name);
}
