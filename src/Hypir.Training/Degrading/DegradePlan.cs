using Hypir.Training.Config;
using Hypir.Training.Data;
using Hypir.Training.Data.Manifests;

namespace Hypir.Training.Degrading;

/// <summary>The settings of a run of <c>hypir-train degrade</c>.</summary>
internal sealed record DegradePlan
{
    /// <summary>The jobs.</summary>
    public required IReadOnlyList<DegradeJob> Jobs { get; init; }

    /// <summary>Ranges, crops, flips, and seed.</summary>
    public required DataSettings Settings { get; init; }

    /// <summary>A sentence about the run, for the contact sheet.</summary>
    public required string About { get; init; }

    /// <summary>The folder for all results.</summary>
    public required string Output { get; init; }

    /// <summary>Threads.</summary>
    public required int Workers { get; init; }

    /// <summary>Whether the clean images are written too.</summary>
    public bool SaveHq { get; init; }

    /// <summary>Whether the recipes are written.</summary>
    public bool Recipes { get; init; }

    /// <summary>Whether recipes are written as YAML.</summary>
    public bool RecipesAsYaml { get; init; }

    /// <summary>How many pairs the contact sheet shows; 0 for no sheet.</summary>
    public int ContactSheet { get; init; }

    /// <summary>Images in unsupported formats.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Whether results of an earlier run may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Inputs other than images: a configuration, recipes, lists.</summary>
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

/// <summary>A degradation job: an image to draw a recipe for, or an existing recipe.</summary>
/// <param name="Label">The name shown in progress.</param>
/// <param name="Entry">The image to draw a recipe for; null if <paramref name="Recipe"/> is given.</param>
/// <param name="Recipe">The recipe to replay; null to draw one.</param>
internal sealed record DegradeJob(string Label, ManifestEntry? Entry, BatchRecipe? Recipe);

/// <summary>The outcome of a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Recipe">The recipe; null if the job failed.</param>
/// <param name="Pairs">Pairs for the contact sheet, if needed.</param>
/// <param name="Failure">The reason for a failure; null if it succeeded.</param>
internal sealed record DegradeOutcome(DegradeJob Job, BatchRecipe? Recipe, IReadOnlyList<Pair> Pairs, HypirException? Failure);

/// <summary>The outcome of a run.</summary>
/// <param name="Done">Jobs that succeeded.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Cancelled">Whether it was cancelled.</param>
internal sealed record DegradeSummary(long Done, long Failed, bool Cancelled);
