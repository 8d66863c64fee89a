using Hypir.Imaging;
using Hypir.Planning;

namespace Hypir.Training.Evaluation;

/// <summary>The settings of an evaluation.</summary>
internal sealed record EvaluationPlan
{
    /// <summary>The candidates to measure; the input is always measured too.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>The pairs to measure on.</summary>
    public required IReadOnlyList<EvaluationPair> Pairs { get; init; }

    /// <summary>Restoration options; the enlargement follows from the pairs' sizes.</summary>
    public required RestoreOptions Options { get; init; }

    /// <summary>Number of pairs to show.</summary>
    public int Shown { get; init; }
}

/// <summary>A degraded image and its ground truth.</summary>
/// <param name="Name">The pair's name.</param>
/// <param name="Damaged">The damaged image's file.</param>
/// <param name="Clean">The true image's file.</param>
internal sealed record EvaluationPair(string Name, string Damaged, string Clean);

/// <summary>A candidate to measure against the true images.</summary>
/// <param name="Label">Its name in tables.</param>
/// <param name="Model">The model's folder or file; null for the damaged images themselves.</param>
/// <param name="Lora">LoRA weights, or null.</param>
internal sealed record Candidate(string Label, string? Model, string? Lora)
{
    /// <summary>The damaged images as they are.</summary>
    public static Candidate Input { get; } = new("input", null, null);
}

/// <summary>There is nothing to evaluate, or the images do not match.</summary>
public sealed class EvaluationException(string message, string remedy) : HypirException(message, remedy);

/// <summary>Finds pairs in a folder as <c>hypir-train degrade --save-hq</c> writes it.</summary>
internal static class PairFinder
{
    private const string Damaged = "lq";

    // The second is common in data sets.
    private static readonly string[] Clean = ["hq", "gt"];

    /// <summary>All pairs, by name.</summary>
    /// <param name="folder">A folder with <c>lq</c> and <c>hq</c> (or <c>gt</c>), with images of equal names in both; extensions may
    /// differ.</param>
    /// <exception cref="EvaluationException">A folder is missing or empty, or an image has no counterpart.</exception>
    public static IReadOnlyList<EvaluationPair> Find(string folder)
    {
        string damaged = Path.Combine(folder, Damaged);
        string? clean = Clean.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists);
        if (!Directory.Exists(damaged) || clean is null)
            throw new EvaluationException(
                $"{folder} does not contain pairs: folders lq (degraded) and hq (true).",
                "`hypir-train degrade IMAGES --save-hq -o FOLDER` makes them.");
        var truths = Images(clean).ToLookup(Path.GetFileNameWithoutExtension, StringComparer.Ordinal);
        EvaluationPair[] pairs =
        [
            .. Images(damaged)
                .Select(path =>
                    Path.GetFileNameWithoutExtension(path) is var name && truths[name].ToArray() is [var truth]
                        ? new EvaluationPair(name, path, truth)
                        : throw new EvaluationException(
                            $"{path} has no counterpart in {clean}.",
                            "Give each degraded image one true image of the same name, or remove it.")
                ),
        ];
        return pairs.Length > 0 ? pairs : throw new EvaluationException($"{damaged}: contains no images.", "Put degraded images there.");
    }

    private static IReadOnlyList<string> Images(string folder)
    {
        var search = ImageSearch.In(folder, recursive: false);
        if (search.Unreadable is [var failure, ..])
            throw new EvaluationException(failure.Message, failure.Remedy ?? "");
        // A mean over only some of the images would look like one over all.
        return search.LeftOut.Count == 0
            ? search.Images
            : throw new EvaluationException(
                $"{folder}: {ImageSearch.Describe(search.LeftOut)}.", "Convert them to PNG, JPEG or TIFF, or remove them.");
    }
}
