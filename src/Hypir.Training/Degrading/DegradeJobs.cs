



using Hypir.Training.Data;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Data.RecipeFiles;

namespace Hypir.Training.Degrading;

/// <summary>Creates the list of jobs, with a unique name for every result.</summary>
internal static class DegradeJobs
{
    /// <summary>Creates jobs for new recipes.</summary>
    /// <param name="entries">The images.</param>
    /// <param name="count">Repetitions per image.</param>
    public static IReadOnlyList<DegradeJob> Fresh(IReadOnlyList<ManifestEntry> entries, int count)
    {
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var jobs = new List<DegradeJob>(entries.Count * count);
        foreach (var entry in entries)
        {
            string stem = Unique(Path.GetFileNameWithoutExtension(entry.Path), used);
            for (int i = 1; i <= count; i++)
                jobs.Add(new(count == 1 ? stem : $"{stem}.{i}", entry, null));
        }
        return jobs;
    }

    /// <summary>Creates jobs that replay recipes.</summary>
    /// <param name="recipes">The recipes.</param>
    /// <param name="file">Their file: images not found relative to the working folder are looked up next to it.</param>
    /// <param name="entries">If not empty, these images are used, matched by file name, instead of the paths in the recipes.</param>
    /// <exception cref="RecipeException">Two results would have one name, or an image is not among those named.</exception>
    public static IReadOnlyList<DegradeJob> Replayed(IReadOnlyList<BatchRecipe> recipes, string file, IReadOnlyList<ManifestEntry> entries)
    {
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var named = entries
            .GroupBy(entry => Path.GetFileName(entry.Path), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList());
        string Source(string source)
        {
            if (entries.Count == 0)
            {
                string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, source);
                return !File.Exists(source) && File.Exists(beside) ? beside : source;
            }
            return named.GetValueOrDefault(Path.GetFileName(source)) switch
            {
                [var only] => only.Path,
                null => throw new RecipeException(
                    $"{file} needs {Path.GetFileName(source)}, which is not among the images named.",
                    "Name its folder, or no images at all: then the recipe's own path is used."),
                _ => throw new RecipeException(
                    $"{file} needs {Path.GetFileName(source)}, and several images have that name.", "Name one folder at a time."),
            };
        }
        return
        [
            .. recipes.Select(recipe =>
            {
                foreach (var sample in recipe.Samples)
                    if (!used.Add(sample.Name))
                        throw new RecipeException(
                            $"{file} has two samples named {sample.Name}.", "Give each a name of its own: files are called so.");
                BatchRecipe found = new(
                    [.. recipe.Samples.Select(sample => sample with { Source = Source(sample.Source) })], recipe.Degradation);
                return new DegradeJob(string.Join(", ", recipe.Samples.Select(sample => sample.Name)), null, found);
            }),
        ];
    }

    private static string Unique(string stem, HashSet<string> used)
    {
        string name = stem;
        for (int i = 2; !used.Add(name); i++)
            name = $"{stem}-{i}";
        return name;
    }
}
