using System.Globalization;
using Hypir.Imaging;
using Hypir.Models.Store;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Checkpoints.SingleFile;
using Hypir.Networks.Lora;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Restoring;

/// <summary>The options of one call of <c>hypir restore</c>.</summary>
internal sealed record RestoreCommandOptions
{
    /// <summary>Image files and folders.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>A file or a folder; null puts each result next to its image.</summary>
    public string? Output { get; init; }

    /// <summary>Whether to search subfolders.</summary>
    public bool Recursive { get; init; }

    /// <summary>What happens if a result exists.</summary>
    public ExistingResults Existing { get; init; }

    /// <summary>Whether to replace existing results.</summary>
    public bool Overwrite => Existing == ExistingResults.Overwrite;

    /// <summary>Extension of the results, with the dot; null for PNG next to an image, and the image's own in a folder.</summary>
    public string? Format { get; init; }

    /// <summary>What the names of results end in; null for the default.</summary>
    public string? Suffix { get; init; }

    /// <summary>CPU threads that compute; null for one for each core.</summary>
    public int? Threads { get; init; }

    /// <summary>The part of the images to restore; null for all.</summary>
    public Shard? Shard { get; init; }

    /// <summary>Resumes an earlier run: complete results are kept without a message, damaged ones are redone.</summary>
    public bool Resume { get; init; }

    /// <summary>The report that shows each image before and after; null if none.</summary>
    public string? Report { get; init; }

    /// <summary>An image that is white where images are to be restored; null for all of them.</summary>
    public string? Mask { get; init; }

    /// <summary>The file for a map of where the result departs from what its image supports; null if none.</summary>
    public string? Map { get; init; }

    /// <summary>The settings to compare on one sheet; empty to restore.</summary>
    public IReadOnlyList<Trials.TrialSetting> Trials { get; init; } = [];

    /// <summary>The folder of prompts, one for each image; null if none.</summary>
    public string? PromptFolder { get; init; }

    /// <summary>A model's folder or single file.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// The model for images that are enlarged or severely damaged; null if <see cref="Model"/> is for all of them, because it was named.
    /// </summary>
    public ResolvedModel? Strong { get; init; }

    /// <summary>The name by which an engine knows the model with its LoRA weights; null if it was given as a file or folder.</summary>
    public string? ModelName { get; init; }

    /// <summary>Whether a running engine computes what it can.</summary>
    public bool UsesEngine { get; init; }

    /// <summary>LoRA weights; null if none.</summary>
    public string? Lora { get; init; }

    /// <summary>A second file of the same single-pass network, mixed into the model; null without.</summary>
    public WeightMix? Mix { get; init; }

    /// <summary>What is done with each image; the prompt holds for those that have no text of their own.</summary>
    public required RestoreOptions Options { get; init; }

    /// <summary>How results are written.</summary>
    public SaveSettings Saving { get; init; } = SaveSettings.Default;

    /// <summary>Whether to try images whose plans need more memory than is free.</summary>
    public bool Force { get; init; }

    /// <summary>Whether to only plan and report, without computing or writing anything.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What happens if a result exists.</summary>
internal enum ExistingResults
{
    /// <summary>It is kept and reported.</summary>
    Skip,

    /// <summary>It is replaced.</summary>
    Overwrite,

    /// <summary>The new result gets a number.</summary>
    Number,
}

/// <summary>
/// One of several equal parts of a job, for parallel processes. It depends only on the images' names, not on existing results, so any part
/// can be run anywhere, at any time, repeatedly.
/// </summary>
/// <param name="Index">The index of the part, from 0.</param>
/// <param name="Count">The number of parts.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>Parses "3/8".</summary>
    /// <returns>The shard, or null if the text is invalid.</returns>
    public static Shard? Parse(string text) =>
        text.Split('/') is [var first, var second] && Number(first) is { } index && Number(second) is { } count && index < count
            ? new(index, count)
            : null;

    /// <summary>
    /// The images of this part. They are dealt out in order of their names, so that parts differ by at most one image.
    /// </summary>
    public IReadOnlyList<ImageJob> Of(IEnumerable<ImageJob> images) =>
        [
            .. images
                // The same on all systems.
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
    /// <summary>Checks that LoRA weights exist, are complete according to the header, and fit the model.</summary>
    /// <param name="lora">The file; null if none.</param>
    /// <param name="model">The model's folder or single file.</param>
    /// <exception cref="HypirException">The check failed.</exception>
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
