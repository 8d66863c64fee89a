
using Hypir.Imaging;
using Hypir.Restoration.Planning;

namespace Hypir.Engine.Restoring;

/// <summary>Everything that one call of <c>hypir restore</c> was asked to do.</summary>
internal sealed record RestoreCommandOptions
{
    /// <summary>Image files and folders.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>A file or a folder; null puts each result beside its image.</summary>
    public string? Output { get; init; }

    /// <summary>Folders are searched with their subfolders.</summary>
    public bool Recursive { get; init; }

    /// <summary>Existing results are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The part of the images that this run is to do; null for all.</summary>
    public Shard? Shard { get; init; }

    /// <summary>An earlier run is gone on with: results that are whole are kept silently, others are made again.</summary>
    public bool Resume { get; init; }

    /// <summary>A page that shows each image before and after; null without.</summary>
    public string? Report { get; init; }

    /// <summary>Folder of texts, one for each image; null without.</summary>
    public string? PromptFolder { get; init; }

    /// <summary>A model's folder or single file.</summary>
    public required string Model { get; init; }

    /// <summary>LoRA weights; null without.</summary>
    public string? Lora { get; init; }

    /// <summary>What is done with each image; the prompt holds for those that have no text of their own.</summary>
    public required RestoreOptions Options { get; init; }

    /// <summary>How results are written.</summary>
    public SaveSettings Saving { get; init; } = SaveSettings.Default;

    /// <summary>What by its plan needs more memory than there is is tried nevertheless.</summary>
    public bool Force { get; init; }

    /// <summary>Plans are made and told; nothing is computed or written.</summary>
    public bool DryRun { get; init; }
}
