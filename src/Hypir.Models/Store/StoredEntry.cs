using Hypir.Models.Manifests;

namespace Hypir.Models.Store;

/// <summary>A model, LoRA weights or training weights on this machine.</summary>
public sealed record StoredEntry
{
    /// <summary>What it is good for.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>Its folder or file: within the store, or, where <see cref="Linked"/>, anywhere.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it lies outside the store and only its place is remembered. Removing the entry leaves it where it is.</summary>
    public bool Linked { get; init; }

    /// <summary>The entry that LoRA weights are for.</summary>
    public string? Base { get; init; }

    /// <summary>Short name of the licence that was accepted for it.</summary>
    public string? Licence { get; init; }

    /// <summary>What it is used with.</summary>
    public ModelDefaults Defaults { get; init; } = new();

    /// <summary>Its files.</summary>
    public required IReadOnlyList<StoredFile> Files { get; init; }

    /// <summary>When it was added, in UTC.</summary>
    public required DateTimeOffset Added { get; init; }
}
