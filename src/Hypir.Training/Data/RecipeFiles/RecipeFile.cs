using Hypir.Core.Files;
using Hypir.Training.Config;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Data.RecipeFiles;

/// <summary>Files of recipes: <c>.jsonl</c> has one a line, <c>.yaml</c> one a document, <c>.json</c> a single one.</summary>
public static class RecipeFile
{
    /// <summary>Reads all recipes of a file.</summary>
    /// <param name="path">The file; its extension says the format.</param>
    /// <exception cref="RecipeException">The file cannot be read, or holds something else.</exception>
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
            return recipes.Length > 0 ? recipes : throw new RecipeException($"{path} holds no recipe.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RecipeException($"{path} cannot be read: {failure.Message}", "Check the path and the rights to read it.", failure);
        }
    }

    /// <summary>Writes a recipe to the end of an open file, in the format that its name asks for.</summary>
    /// <param name="writer">The file.</param>
    /// <param name="yaml">YAML, each recipe a document; else a line of JSON.</param>
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
            throw new RecipeException($"{path}, line {failure.Start.Line}: this is not YAML: {failure.Message}", "Correct the line.", failure);
        }
        foreach (var document in documents)
            yield return RecipeJson.Parse(YamlTree.ToJson(document.RootNode)?.ToJsonString() ?? "null", $"{path}, line {document.RootNode.Start.Line}");
    }
}
