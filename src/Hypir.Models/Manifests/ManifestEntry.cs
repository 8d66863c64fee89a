namespace Hypir.Models.Manifests;

/// <summary>Something that can be had: a model, LoRA weights, or weights for training.</summary>
public sealed record ManifestEntry
{
    /// <summary>The name by which people ask for it: lower-case letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is good for.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>Terms that must be accepted first, or null.</summary>
    public License? Licence { get; init; }

    /// <summary>The entry that LoRA weights are for, or null.</summary>
    public string? Base { get; init; }

    /// <summary>Whether the hosts let only people in who have signed in and agreed there.</summary>
    public bool Gated { get; init; }

    /// <summary>Folder beside the program where the entry already is, or null.</summary>
    public string? BuiltIn { get; init; }

    /// <summary>Its files; none for what is built in.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>Bytes in all, or null where a size is not known.</summary>
    public long? Size => Files.Any(file => file.Size is null) ? null : Files.Sum(file => file.Size!.Value);
}
