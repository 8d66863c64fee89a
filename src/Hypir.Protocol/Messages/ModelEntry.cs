namespace Hypir.Protocol.Messages;

/// <summary>A model that requests can name, or could name after a download.</summary>
public sealed record ModelEntry
{
    /// <summary>The name in requests.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, for people.</summary>
    public required string Title { get; init; }

    /// <summary>Whether it is here.</summary>
    public ModelState State { get; init; }

    /// <summary>Why it cannot be used now, or null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>The model that its LoRA weights are for, or null where it stands for itself.</summary>
    public string? Base { get; init; }

    /// <summary>Whether it understands prompts; known of what is here.</summary>
    public bool ReadsPrompts { get; init; }

    /// <summary>Side of its tiles in pixels; 0 where it is not here.</summary>
    public int Tile { get; init; }

    /// <summary>Timestep that its UNet is told where a request says nothing, or null for the usual one.</summary>
    public int? ModelT { get; init; }

    /// <summary>Timestep of the one-step formula where a request says nothing, or null for the usual one.</summary>
    public int? CoeffT { get; init; }

    /// <summary>Bytes that a download would still bring, those of its base included; 0 where it is here, null where nobody has published the sizes.</summary>
    public long? DownloadBytes { get; init; }

    /// <summary>Files whose hash nobody has published: the first download is what later ones are held to.</summary>
    public int UnverifiedFiles { get; init; }

    /// <summary>Terms of its files and its base's, which must be accepted before a download; what comes with the program is not downloaded.</summary>
    public IReadOnlyList<ModelLicense> Licences { get; init; } = [];
}
