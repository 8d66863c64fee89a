using Hypir.Training.Config;
using Hypir.Training.Data;
using Hypir.Training.Data.Manifests;

namespace Hypir.Training.Degrading;

/// <summary>Everything that a run of <c>hypir-train degrade</c> needs to know.</summary>
internal sealed record DegradePlan
{
    /// <summary>What is to be done.</summary>
    public required IReadOnlyList<DegradeJob> Jobs { get; init; }

    /// <summary>Ranges, cut-outs, flips and seed.</summary>
    public required DataSettings Settings { get; init; }

    /// <summary>What the run is, in a sentence, for the contact sheet.</summary>
    public required string About { get; init; }

    /// <summary>The folder for everything that is written.</summary>
    public required string Output { get; init; }

    /// <summary>Threads.</summary>
    public required int Workers { get; init; }

    /// <summary>Whether the clean images are written too.</summary>
    public bool SaveHq { get; init; }

    /// <summary>Whether the recipes are written.</summary>
    public bool Recipes { get; init; }

    /// <summary>Whether they are written as YAML.</summary>
    public bool RecipesAsYaml { get; init; }

    /// <summary>How many pairs the contact sheet shows; 0 for no sheet.</summary>
    public int ContactSheet { get; init; }

    /// <summary>Images of kinds that are not read.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Whether results of an earlier run may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>What is read besides images: a configuration, recipes, lists.</summary>
    public IReadOnlyList<string> OtherInputs { get; init; } = [];

    /// <summary>The images that are read.</summary>
    public IEnumerable<string> Sources =>
        Jobs.SelectMany(job => job.Entry is { } entry ? [entry.Path] : job.Recipe!.Samples.Select(sample => sample.Source));

    /// <summary>Names of the results, without extension.</summary>
    public IEnumerable<string> Names =>
        Jobs.SelectMany(job => job.Recipe is { } recipe ? recipe.Samples.Select(sample => sample.Name) : [job.Label]);

    /// <summary>The folder of degraded images.</summary>
    public string LqFolder => Path.Combine(Output, "lq");

    /// <summary>The folder of clean images.</summary>
    public string HqFolder => Path.Combine(Output, "hq");

    /// <summary>The file of recipes.</summary>
    public string RecipeFile => Path.Combine(Output, RecipesAsYaml ? "recipes.yaml" : "recipes.jsonl");

    /// <summary>The contact sheet.</summary>
    public string SheetFile => Path.Combine(Output, "contact-sheet.html");
}

/// <summary>One thing to degrade: an image for which a recipe is to be drawn, or a recipe that is there already.</summary>
/// <param name="Label">What it is called while it is worked on.</param>
/// <param name="Entry">The image to draw for; null where <paramref name="Recipe"/> is given.</param>
/// <param name="Recipe">The recipe to repeat; null where one is to be drawn.</param>
internal sealed record DegradeJob(string Label, ManifestEntry? Entry, BatchRecipe? Recipe);

/// <summary>What became of a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Recipe">What was done; null where it failed.</param>
/// <param name="Pairs">For the contact sheet, where it wants some.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
internal sealed record DegradeOutcome(DegradeJob Job, BatchRecipe? Recipe, IReadOnlyList<Pair> Pairs, HypirException? Failure);

/// <summary>How a run ended.</summary>
/// <param name="Done">Jobs that succeeded.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Cancelled">Whether it was ended before its end.</param>
internal sealed record DegradeSummary(long Done, long Failed, bool Cancelled);
