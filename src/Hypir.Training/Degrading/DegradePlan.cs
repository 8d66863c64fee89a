

using Hypir.Training.Config;

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

    /// <summary>Whether the clean pictures are written too.</summary>
    public bool SaveHq { get; init; }

    /// <summary>Whether the recipes are written.</summary>
    public bool Recipes { get; init; }

    /// <summary>Whether they are written as YAML.</summary>
    public bool RecipesAsYaml { get; init; }

    /// <summary>How many pairs the contact sheet shows; 0 for no sheet.</summary>
    public int ContactSheet { get; init; }

    /// <summary>Pictures of kinds that are not read.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Whether results of an earlier run may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>What is read besides pictures: a configuration, recipes, lists.</summary>
    public IReadOnlyList<string> OtherInputs { get; init; } = [];

    /// <summary>The pictures that are read.</summary>
    public IEnumerable<string> Sources => Jobs.SelectMany(job => job.Entry is { } entry ? [entry.Path] : job.Recipe!.Samples.Select(sample => sample.Source));

    /// <summary>Names of the results, without extension.</summary>
    public IEnumerable<string> Names => Jobs.SelectMany(job => job.Recipe is { } recipe ? recipe.Samples.Select(sample => sample.Name) : [job.Label]);

    /// <summary>The folder of degraded pictures.</summary>
    public string LqFolder => Path.Combine(Output, "lq");

    /// <summary>The folder of clean pictures.</summary>
    public string HqFolder => Path.Combine(Output, "hq");

    /// <summary>The file of recipes.</summary>
    public string RecipeFile => Path.Combine(Output, RecipesAsYaml ? "recipes.yaml" : "recipes.jsonl");

    /// <summary>The contact sheet.</summary>
    public string SheetFile => Path.Combine(Output, "contact-sheet.html");
}
