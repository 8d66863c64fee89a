using Hypir.Imaging;
using Hypir.Restoration.Planning;

namespace Hypir.Training.Evaluation;

/// <summary>Everything that an evaluation needs to know.</summary>
internal sealed record EvaluationPlan
{
    /// <summary>What is measured; the input is measured in any case.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>What it is measured on.</summary>
    public required IReadOnlyList<EvaluationPair> Pairs { get; init; }

    /// <summary>How pictures are restored; enlargement follows from the pairs' sizes.</summary>
    public required RestoreOptions Options { get; init; }

    /// <summary>How many pairs are shown.</summary>
    public int Shown { get; init; }
}

/// <summary>A damaged picture and the true one.</summary>
/// <param name="Name">What the pair is called.</param>
/// <param name="Damaged">The damaged picture's file.</param>
/// <param name="Clean">The true picture's file.</param>
internal sealed record EvaluationPair(string Name, string Damaged, string Clean);

/// <summary>What is measured against the true pictures.</summary>
/// <param name="Label">Its name in tables.</param>
/// <param name="Model">The model's folder or file; null for the damaged pictures themselves.</param>
/// <param name="Lora">LoRA weights, or null.</param>
internal sealed record Candidate(string Label, string? Model, string? Lora)
{
    /// <summary>The damaged pictures as they are.</summary>
    public static Candidate Input { get; } = new("input", null, null);
}

/// <summary>There is nothing to evaluate, or what there is does not fit together.</summary>
public sealed class EvaluationException(string message, string remedy) : HypirException(message, remedy);

/// <summary>Finds pairs in a folder as <c>hypir-train degrade --save-hq</c> writes it.</summary>
internal static class PairFinder
{
    private const string Damaged = "lq";

    // The second is what data sets call it.
    private static readonly string[] Clean = ["hq", "gt"];

    /// <summary>All pairs, by name.</summary>
    /// <param name="folder">Holds <c>lq</c> and <c>hq</c> (or <c>gt</c>), with pictures of equal names in both; extensions may differ.</param>
    /// <exception cref="EvaluationException">A folder is missing or empty, or a picture has no partner.</exception>
    public static IReadOnlyList<EvaluationPair> Find(string folder)
    {
        string damaged = Path.Combine(folder, Damaged);
        string? clean = Clean.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists);
        if (!Directory.Exists(damaged) || clean is null)
            throw new EvaluationException(
                $"{folder} does not hold pairs: folders lq (damaged) and hq (true).",
                "`hypir-train degrade PICTURES --save-hq -o FOLDER` makes them.");
        var truths = Pictures(clean).ToLookup(Path.GetFileNameWithoutExtension, StringComparer.Ordinal);
        EvaluationPair[] pairs =
        [
            .. Pictures(damaged)
                .Select(path =>
                    Path.GetFileNameWithoutExtension(path) is var name && truths[name].ToArray() is [var truth]
                        ? new EvaluationPair(name, path, truth)
                        : throw new EvaluationException(
                            $"{path} has no partner in {clean}.",
                            "Give each damaged picture one true picture of the same name, or take it away.")
                ),
        ];
        return pairs.Length > 0 ? pairs : throw new EvaluationException($"{damaged}: no picture in it.", "Put the damaged pictures there.");
    }

    private static IReadOnlyList<string> Pictures(string folder)
    {
        var search = ImageSearch.In(folder, recursive: false);
        if (search.Unreadable is [var failure, ..])
            throw new EvaluationException(failure.Message, failure.Remedy ?? "");
        // A mean over some of the pictures would pass for one over all.
        return search.LeftOut.Count == 0
            ? search.Pictures
            : throw new EvaluationException(
                $"{folder}: {ImageSearch.Describe(search.LeftOut)}.", "Convert them to PNG, JPEG or TIFF, or take them away.");
    }
}
