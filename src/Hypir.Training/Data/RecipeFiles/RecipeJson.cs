using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Hypir.Training.Data.RecipeFiles;

/// <summary>
/// Recipes as JSON: names in snake_case, numbers in the shortest form that reads back to the same bits, nothing that is absent. What a recipe does not know
/// is refused, so that a misspelt word cannot change a result in silence.
/// </summary>
public static class RecipeJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>A recipe as one line.</summary>
    public static string Line(BatchRecipe recipe) => JsonSerializer.Serialize(recipe, Options);

    /// <summary>A recipe as a tree.</summary>
    public static JsonNode Tree(BatchRecipe recipe) => JsonSerializer.SerializeToNode(recipe, Options)!;

    /// <summary>Reads a recipe and checks that it can be applied.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="where">File and line, for messages.</param>
    /// <exception cref="RecipeException">It is no recipe, or one that cannot be applied.</exception>
    public static BatchRecipe Parse(string text, string where)
    {
        BatchRecipe? recipe;
        try
        {
            recipe = JsonSerializer.Deserialize<BatchRecipe>(text, Options);
        }
        catch (JsonException failure)
        {
            throw new RecipeException($"{where}: this is no recipe: {failure.Message}", "Recipes are written by hypir-train degrade --recipes; correct the line or write it anew.", failure);
        }
        if (recipe is null)
            throw new RecipeException($"{where}: there is no recipe here.");
        return RecipeCheck.Passed(recipe, where);
    }
}
