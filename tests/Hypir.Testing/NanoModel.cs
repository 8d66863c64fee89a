using System.Text.Json;

namespace Hypir.Testing;

/// <summary>A small diffusion model for tests: it ran with earlier versions, and its results are known.</summary>
public static class NanoModel
{
    /// <summary>Its name in a store.</summary>
    public const string Name = "nano";

    /// <summary>Its folder, in diffusers' layout.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "models", "nano");

    /// <summary>Makes a store with the model, which stays where it is, and nothing else.</summary>
    /// <param name="home">The folder that HYPIR_HOME names.</param>
    public static void AddTo(string home)
    {
        string store = Path.Combine(home, "models");
        Directory.CreateDirectory(store);
        var files = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".json" or ".safetensors")
            .Select(file => new { path = Path.GetRelativePath(Folder, file).Replace('\\', '/'), size = new FileInfo(file).Length });
        var entry = new
        {
            kind = "base",
            title = "A small model for tests",
            path = Folder,
            linked = true,
            defaults = new { },
            files,
            added = DateTimeOffset.UnixEpoch,
        };
        var index = new { format = 1, entries = new Dictionary<string, object> { [Name] = entry } };
        File.WriteAllText(Path.Combine(store, "index.json"), JsonSerializer.Serialize(index));
    }
}
