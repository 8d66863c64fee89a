using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Data.RecipeFiles;

/// <summary>
/// Recipes as JSON: names in snake_case, numbers in the shortest form that round-trips, absent values omitted. Unknown names are rejected,
/// so that a typo cannot silently change a result.
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
    /// <exception cref="RecipeException">The text is not a valid recipe.</exception>
    public static BatchRecipe Parse(string text, string where)
    {
        BatchRecipe? recipe;
        try
        {
            recipe = JsonSerializer.Deserialize<BatchRecipe>(text, Options);
        }
        catch (JsonException failure)
        {
            throw new RecipeException(
                $"{where}: this is not a recipe: {failure.Message}",
                "Recipes are written by hypir-train degrade --recipes; correct the line or write it again.", failure);
        }
        if (recipe is null)
            throw new RecipeException($"{where}: no recipe found.");
        return RecipeCheck.Passed(recipe, where);
    }
}

/// <summary>JSON's values as YAML and back. Numbers keep their digits, so nothing is rounded on the way.</summary>
internal static class YamlTree
{
    /// <summary>A JSON tree as a YAML node.</summary>
    public static YamlNode ToYaml(JsonNode? node) =>
        node switch
        {
            JsonObject item => new YamlMappingNode(
                item.Select(pair => KeyValuePair.Create<YamlNode, YamlNode>(new YamlScalarNode(pair.Key), ToYaml(pair.Value)))),
            JsonArray list => new YamlSequenceNode(list.Select(ToYaml)),
            JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => new YamlScalarNode(
                value.GetValue<string>())
            {
                Style = Readable(value.GetValue<string>()) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted,
            },
            _ => new YamlScalarNode(node?.ToJsonString() ?? "null"),
        };

    /// <summary>
    /// Converts a YAML node to a JSON tree: unquoted values that parse as JSON (numbers, true, false, null) are converted, the rest is
    /// text.
    /// </summary>
    public static JsonNode? ToJson(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => new JsonObject(
                mapping.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", ToJson(pair.Value)))),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Select(ToJson)]),
            YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when IsLiteral(text) => JsonNode.Parse(text),
            YamlScalarNode scalar => JsonValue.Create(scalar.Value),
            _ => null,
        };

    private static bool Readable(string text) =>
        text.Length > 0
        && !IsLiteral(text)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or '-')
        && char.IsAsciiLetter(text[0])
        && text.ToLowerInvariant() is not ("yes" or "no" or "on" or "off" or "y" or "n" or "true" or "false" or "null");

    private static bool IsLiteral(string text)
    {
        try
        {
            return JsonNode.Parse(text) is null or JsonValue;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
