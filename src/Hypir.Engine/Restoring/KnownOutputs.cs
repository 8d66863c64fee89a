using System.Text.Json;
using Hypir.Core.Files;

namespace Hypir.Engine.Restoring;

/// <summary>
/// The file of folders that results were written to, so that a later search does not take results for images. It is a convenience: if it
/// cannot be read or written, it is treated as absent.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class KnownOutputs(string path)
{
    private const int MostEntries = 200;

    /// <summary>The folders, newest first.</summary>
    public IReadOnlyList<string> Read()
    {
        try
        {
            return [.. (JsonSerializer.Deserialize<List<string?>>(File.ReadAllText(path)) ?? []).OfType<string>().Where(Path.IsPathRooted)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Records a folder before the first result is written to it, unless it has files already: they may be images.</summary>
    public void Remember(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        IReadOnlyList<string> known = Read();
        if (known.Contains(full, ResultNames.Paths))
            return;
        try
        {
            if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any())
                return;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var replacement = new FileReplacement(path);
            File.WriteAllText(replacement.Temporary, JsonSerializer.Serialize(known.Prepend(full).Take(MostEntries)));
            replacement.Keep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A read-only profile: a later search cannot tell these results from images.
        }
    }
}
