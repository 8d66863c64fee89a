using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Data.RecipeFiles;

/// <summary>JSON's values as YAML and back. Numbers keep their digits, so nothing is rounded on the way.</summary>
internal static class YamlTree
{
    /// <summary>A JSON tree as a YAML node.</summary>
    public static YamlNode ToYaml(JsonNode? node) => node switch
    {
        JsonObject item => new YamlMappingNode(item.Select(pair => KeyValuePair.Create<YamlNode, YamlNode>(new YamlScalarNode(pair.Key), ToYaml(pair.Value)))),
        JsonArray list => new YamlSequenceNode(list.Select(ToYaml)),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String =>
            new YamlScalarNode(value.GetValue<string>()) { Style = Readable(value.GetValue<string>()) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted },
        _ => new YamlScalarNode(node?.ToJsonString() ?? "null"),
    };

    /// <summary>A YAML node as a JSON tree: what is not quoted and reads as JSON (numbers, true, false, null) is that, the rest is text.</summary>
    public static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", ToJson(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when IsLiteral(text) => JsonNode.Parse(text),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    private static bool Readable(string text) => text.Length > 0 && !IsLiteral(text) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or '-')
        && char.IsAsciiLetter(text[0]) && text.ToLowerInvariant() is not ("yes" or "no" or "on" or "off" or "y" or "n" or "true" or "false" or "null");

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
