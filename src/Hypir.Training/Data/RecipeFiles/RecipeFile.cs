using Hypir.Core.Files;
using Hypir.Training.Config;
using Hypir.Training.Degradation.Kernels;
using Hypir.Training.Degradation.Recipes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Data.RecipeFiles;

/// <summary>Files of recipes: <c>.jsonl</c> has one per line, <c>.yaml</c> one per document, <c>.json</c> a single one.</summary>
public static class RecipeFile
{
    /// <summary>Reads all recipes of a file.</summary>
    /// <param name="path">The file; its extension determines the format.</param>
    /// <exception cref="RecipeException">The file cannot be read or contains something else.</exception>
    public static IReadOnlyList<BatchRecipe> Read(string path)
    {
        try
        {
            RegularFile.Require(path);
            BatchRecipe[] recipes = [.. Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".yaml" or ".yml" => Documents(path),
                ".json" => [RecipeJson.Parse(File.ReadAllText(path), path)],
                _ => Lines(path),
            }];
            return recipes.Length > 0 ? recipes : throw new RecipeException($"{path} contains no recipe.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RecipeException($"{path} cannot be read: {failure.Message}", "Check the path and its permissions.", failure);
        }
    }

    /// <summary>Appends a recipe to an open file.</summary>
    /// <param name="writer">The file.</param>
    /// <param name="yaml">Whether to write a YAML document instead of a line of JSON.</param>
    /// <param name="recipe">The recipe.</param>
    public static void Append(TextWriter writer, bool yaml, BatchRecipe recipe)
    {
        if (yaml)
            new YamlStream(new YamlDocument(YamlTree.ToYaml(RecipeJson.Tree(recipe)))).Save(writer, assignAnchors: false);
        else
            writer.WriteLine(RecipeJson.Line(recipe));
    }

    private static IEnumerable<BatchRecipe> Lines(string path)
    {
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return RecipeJson.Parse(line, $"{path}, line {number}");
        }
    }

    private static IEnumerable<BatchRecipe> Documents(string path)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlText.Documents(File.ReadAllText(path));
        }
        catch (YamlException failure)
        {
            throw new RecipeException(
                $"{path}, line {failure.Start.Line}: this is not YAML: {failure.Message}", "Correct the line.", failure);
        }
        foreach (var document in documents)
            yield return RecipeJson.Parse(
                YamlTree.ToJson(document.RootNode)?.ToJsonString() ?? "null", $"{path}, line {document.RootNode.Start.Line}");
    }
}

/// <summary>A recipe file cannot be read, or a recipe in it cannot be applied.</summary>
/// <inheritdoc/>
public sealed class RecipeException(string message, string? remedy = null, Exception? inner = null)
    : HypirException(message, remedy, inner);

/// <summary>Validates recipes: handwritten ones may be invalid, sampled ones never are.</summary>
internal static class RecipeCheck
{
    /// <summary>Returns the recipe if it is valid.</summary>
    /// <exception cref="RecipeException">It is not; the message says where and why.</exception>
    public static BatchRecipe Passed(BatchRecipe recipe, string where)
    {
        void Need(bool holds, string what)
        {
            if (!holds)
                throw new RecipeException($"{where}: {what}.", "Correct the recipe.");
        }

        var degradation = recipe.Degradation;
        Need(recipe.Samples.Count > 0, "samples is empty");
        Need(
            recipe.Samples.Count == degradation.Images.Count,
            $"{recipe.Samples.Count} samples, but {degradation.Images.Count} images in the degradation");
        foreach (var sample in recipe.Samples)
        {
            Need(
                sample.Name.Length > 0 && sample.Name.IndexOfAny(['/', '\\']) < 0 && sample.Name is not ("." or ".."),
                $"name \"{sample.Name}\" is not a file name");
            if (sample.Crop is { } crop)
                Need(
                    crop.Size > 0 && crop.ShorterSide >= crop.Size && crop.X >= 0 && crop.Y >= 0,
                    "crop needs a size above 0, a shorter_side not below it, and x and y from 0 on");
        }
        if (degradation.Sharpen is { } sharpen)
            Need(
                sharpen.Radius > 0 && sharpen.Radius % 2 == 1 && sharpen.Sigma >= 0,
                "sharpen needs an odd radius and a sigma of 0 or more"
            );
        Need(degradation.Stage2Scale >= 1, "stage2_scale is below 1");
        Stage(degradation.Stage1, "stage1", Need);
        Stage(degradation.Stage2, "stage2", Need);
        foreach (var image in degradation.Images)
        {
            foreach (var (stage, name) in new[] { (image.Stage1, "stage1"), (image.Stage2, "stage2") })
            {
                Need(stage.Quality is null or (> 0 and < 100), $"{name} quality is {stage.Quality}, not above 0 and below 100");
                Need(
                    stage.NoiseAmount >= 0 && double.IsFinite(stage.NoiseAmount),
                    $"{name} noise_amount is {stage.NoiseAmount}, not 0 or more");
            }
            Kernel(image.Kernels.Blur1, "blur1", Need);
            Kernel(image.Kernels.Blur2, "blur2", Need);
            Kernel(image.Kernels.Sinc, "sinc", Need);
        }
        return recipe;
    }

    private static void Stage(StageRecipe stage, string name, Action<bool, string> need)
    {
        need(stage.Scale is > 0 and <= 64, $"{name} scale is {stage.Scale}, not above 0 and at most 64");
        need(stage.NoiseSeed >= 0, $"{name} noise_seed is negative");
    }

    private static void Kernel(KernelSpec spec, string name, Action<bool, string> need)
    {
        need(spec.Size is > 0 and < 256 && spec.Size % 2 == 1, $"{name} size is {spec.Size}, not an odd number below 256");
        try
        {
            BlurKernels.Weights(spec);
        }
        catch (ArgumentException failure)
        {
            need(false, $"{name}: {failure.Message}");
        }
    }
}
