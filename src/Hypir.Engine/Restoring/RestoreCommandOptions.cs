using System.Globalization;
using Hypir.Imaging;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Checkpoints.SingleFile;
using Hypir.Networks.Lora;
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

/// <summary>
/// One of several equal parts of a job, for as many processes. It depends on the images' names alone, not on what is done already: any part
/// can be started anywhere, at any time, again.
/// </summary>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Count">How many there are.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>Reads "3/8".</summary>
    /// <returns>The part, or null where the text is none.</returns>
    public static Shard? Parse(string text) =>
        text.Split('/') is [var first, var second] && Number(first) is { } index && Number(second) is { } count && index < count
            ? new(index, count)
            : null;

    /// <summary>
    /// The images of this part. In the order of their names, each goes to the next part, so that parts differ by one image at most.
    /// </summary>
    public IReadOnlyList<ImageJob> Of(IEnumerable<ImageJob> images) =>
        [
            .. images
                // The same on every system.
                .OrderBy(image => image.Name.Replace('\\', '/'), StringComparer.Ordinal)
                .ThenBy(image => image.Input, StringComparer.Ordinal)
                .Where((_, place) => place % Count == Index),
        ];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    private static int? Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

/// <summary>Reads the headers of LoRA weights before anything is computed.</summary>
internal static class LoraCheck
{
    /// <summary>Checks that LoRA weights are there, whole as far as the header tells, and fit the model.</summary>
    /// <param name="lora">The file; null for none.</param>
    /// <param name="model">The model's folder or single file.</param>
    /// <exception cref="HypirException">They are not.</exception>
    public static void Require(string? lora, string model)
    {
        if (lora is null)
            return;
        using var weights = CheckpointFile.Open(lora);
        using var file = File.Exists(model) ? SingleFileCheckpoint.Open(model) : null;
        using var unet = file?.Open(ModelPart.UNet) ?? CheckpointFolder.Open(Path.Combine(model, "unet"));
        _ = LoraWeights.Check(weights, unet.Shapes());
    }
}
