using System.Text.Json;
using Hypir.Core.Files;

namespace Hypir.Models.Download;

/// <summary>What a part is a part of: it says whether a server's answer continues it.</summary>
/// <param name="Url">Where it comes from.</param>
/// <param name="ETag">The server's strong entity tag, or null.</param>
/// <param name="LastModified">The server's date of the file, where it gives no tag; or null.</param>
/// <param name="Total">Bytes of the whole file as the server said, or null.</param>
internal sealed record PartNotes(string Url, string? ETag, DateTimeOffset? LastModified, long? Total)
{
    /// <summary>Whether the server can be asked to go on only if the file is still the same.</summary>
    public bool CanBeAskedFor => ETag is not null || LastModified is not null;

    /// <summary>Reads the notes; null where there are none that can be understood.</summary>
    public static PartNotes? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<PartNotes>(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the notes, whole or not at all.</summary>
    public void Write(string path) => FileReplacement.Write(path, file => JsonSerializer.Serialize(file, this));
}
