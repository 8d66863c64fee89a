using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hypir.Training.Data.Manifests;

/// <summary>Lists of one JSON object a line.</summary>
internal static class JsonRows
{
    /// <summary>Reads all rows; each is asked for its own columns, as lines need not be alike.</summary>
    public static IEnumerable<ManifestEntry> Read(string path, ManifestSettings settings)
    {
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            string where = $"{path}, line {number}";
            var item = Parse(line, where);
            string[] names = [.. item.Select(pair => pair.Key)];
            var (pathColumn, promptColumn) = Columns.Find(where, names, settings);
            yield return new(Text(item, names, pathColumn, where), Text(item, names, promptColumn, where));
        }
    }

    private static JsonObject Parse(string line, string where)
    {
        try
        {
            if (JsonNode.Parse(line) is JsonObject item)
                return item;
        }
        catch (JsonException failure)
        {
            throw new ManifestException($"{where}: this is not JSON: {failure.Message}", "Correct the line.", failure);
        }
        throw new ManifestException($"{where}: this is no JSON object.", "Each line is an object such as {\"image_path\": \"a.png\", \"prompt\": \"…\"}.");
    }

    private static string Text(JsonObject item, string[] names, int column, string where)
    {
        if (column < 0 || item[names[column]] is not { } value)
            return "";
        return value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw new ManifestException($"{where}: \"{names[column]}\" is no text.", "Correct the line.");
    }
}
