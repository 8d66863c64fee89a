namespace Hypir.Models.Store;

/// <summary>How something is added to the store.</summary>
public sealed record AddModelOptions
{
    /// <summary>Its name; null makes one of the file's or folder's.</summary>
    public string? Name { get; init; }

    /// <summary>The entry that LoRA weights are for; null takes the one that fits.</summary>
    public string? Base { get; init; }

    /// <summary>Whether the files are copied into the store. Otherwise they stay where they are, and only their place is remembered.</summary>
    public bool Copy { get; init; }

    /// <summary>What the model is to be used with.</summary>
    public ModelDefaults Defaults { get; init; } = new();
}
