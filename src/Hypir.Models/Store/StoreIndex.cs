namespace Hypir.Models.Store;

/// <summary>What the store remembers: the content of <c>index.json</c>.</summary>
public sealed record StoreIndex
{
    /// <summary>Version of the file.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Entries by name.</summary>
    public SortedDictionary<string, StoredEntry> Entries { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Accepted licences by short name.</summary>
    public SortedDictionary<string, Acceptance> Licences { get; init; } = new(StringComparer.Ordinal);
}
