namespace Hypir.Protocol;

/// <summary>A model that requests can name.</summary>
public sealed record ModelEntry
{
    /// <summary>The name in requests.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people.</summary>
    public required string Title { get; init; }

    /// <summary>Whether it understands prompts.</summary>
    public bool ReadsPrompts { get; init; }

    /// <summary>Side of its tiles in pixels.</summary>
    public int Tile { get; init; }

    /// <summary>Why it cannot be used, or null where it can.</summary>
    public string? Problem { get; init; }
}
