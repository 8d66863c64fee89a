namespace Hypir.Protocol.Messages;

/// <summary>
/// A model or LoRA weights that a person has and wants to use: the one request with a path in it. It must come from the person's own hand, such as from a dialog
/// for files; it is only read, and requests to restore know what came of it by its name.
/// </summary>
public sealed record AddModelRequest
{
    /// <summary>
    /// The whole path of a file (LoRA weights, a single-file model) or of a folder in diffusers' layout, on a disk of this machine.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>What it is to be called: small letters, digits, '.', '_' and '-'; null makes a name of the file's.</summary>
    public string? Name { get; init; }

    /// <summary>The model that LoRA weights are for; null takes the one that they fit.</summary>
    public string? Base { get; init; }

    /// <summary>Whether the files are copied. Otherwise they stay where they are, and only their place is remembered.</summary>
    public bool Copy { get; init; }

    /// <summary>Default of <see cref="RestoreRequest.ModelT"/>.</summary>
    public int? ModelT { get; init; }

    /// <summary>Default of <see cref="RestoreRequest.CoeffT"/>.</summary>
    public int? CoeffT { get; init; }

    /// <summary>Default of <see cref="RestoreRequest.Tile"/>.</summary>
    public int? Tile { get; init; }

    /// <summary>Default of <see cref="RestoreRequest.Stride"/>.</summary>
    public int? Stride { get; init; }
}
