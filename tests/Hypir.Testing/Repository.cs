using System.Runtime.CompilerServices;

namespace Hypir.Testing;

/// <summary>Where the checkout lies that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds Hypir.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(System.IO.Path.GetDirectoryName(SourceFile())!)
        ?? throw new DirectoryNotFoundException("No folder above the tests holds Hypir.sln.");

    private static string? Find(string? folder)
    {
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Hypir.sln")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder;
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
