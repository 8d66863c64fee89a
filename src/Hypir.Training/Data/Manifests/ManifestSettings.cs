namespace Hypir.Training.Data.Manifests;

/// <summary>How a list of pictures is read.</summary>
public sealed record ManifestSettings
{
    /// <summary>The list: a file (.parquet, .csv, .jsonl, .txt, .list), a folder or a picture. Null where the configuration names none.</summary>
    public string? FileList { get; init; }

    /// <summary>The folder that paths in the list are relative to; "" for none.</summary>
    public string ImagePathPrefix { get; init; } = "";

    /// <summary>The column of paths, for lists that have columns.</summary>
    public string ImagePathKey { get; init; } = "image_path";

    /// <summary>The column of captions; "none" for no captions; null for the column "prompt" where there is one.</summary>
    public string? PromptKey { get; init; }
}
