using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.VisualBasic.FileIO;
using Parquet;
using Parquet.Schema;

namespace Hypir.Training.Data.Manifests;

/// <summary>Finds the columns of a list.</summary>
internal static class Columns
{
    private const string None = "none";
    private const string DefaultPrompt = "prompt";

    /// <summary>The columns of paths and captions.</summary>
    /// <param name="list">The list, for messages.</param>
    /// <param name="names">Its columns.</param>
    /// <param name="settings">The configured column names.</param>
    /// <returns>The two indices; -1 for no captions.</returns>
    /// <exception cref="ManifestException">A column is missing.</exception>
    public static (int Path, int Prompt) Find(string list, IReadOnlyList<string> names, ManifestSettings settings)
    {
        int Index(string name) => names.ToList().IndexOf(name);
        int path = Index(settings.ImagePathKey);
        if (path < 0)
            throw Missing(list, settings.ImagePathKey, "image_path_key", names);
        if (settings.PromptKey == None)
            return (path, -1);
        int prompt = Index(settings.PromptKey ?? DefaultPrompt);
        return prompt < 0 && settings.PromptKey is not null ? throw Missing(list, settings.PromptKey, "prompt_key", names) : (path, prompt);
    }

    private static ManifestException Missing(string list, string name, string key, IReadOnlyList<string> names) =>
        new(
            $"{list} has no column \"{name}\"; it has {string.Join(", ", names)}.",
            $"Name the column under file_meta: {key}, or with --{key.Replace('_', '-')}.");
}

/// <summary>Lists of comma-separated values (RFC 4180) with a line of column names.</summary>
internal static class CsvRows
{
    /// <summary>Reads all rows.</summary>
    public static IEnumerable<ManifestEntry> Read(string path, ManifestSettings settings)
    {
        using var parser = new TextFieldParser(path)
        {
            TextFieldType = FieldType.Delimited,
            Delimiters = [","],
            HasFieldsEnclosedInQuotes = true,
        };
        var entries = new List<ManifestEntry>();
        try
        {
            string[] names = parser.ReadFields()
                ?? throw new ManifestException($"{path} is empty.", "Its first line has the names of the columns.");
            var (pathColumn, promptColumn) = Columns.Find(path, names, settings);
            while (parser.ReadFields() is { } fields)
            {
                if (fields.Length != names.Length)
                    throw new ManifestException(
                        $"{path}, near line {parser.LineNumber}: {fields.Length} values for {names.Length} columns.",
                        "Correct the line; quote text that contains commas.");
                entries.Add(new(fields[pathColumn], promptColumn < 0 ? "" : fields[promptColumn]));
            }
        }
        catch (MalformedLineException failure)
        {
            throw new ManifestException(
                $"{path}, line {parser.ErrorLineNumber}: {failure.Message}", "Correct the line; double the quotes within quoted text.",
                failure);
        }
        return entries;
    }
}

/// <summary>Lists with one JSON object per line.</summary>
internal static class JsonRows
{
    /// <summary>Reads all rows; columns are looked up in each line, as lines may differ.</summary>
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
        throw new ManifestException(
            $"{where}: this is not a JSON object.", "Each line is an object such as {\"image_path\": \"a.png\", \"prompt\": \"…\"}.");
    }

    private static string Text(JsonObject item, string[] names, int column, string where)
    {
        if (column < 0 || item[names[column]] is not { } value)
            return "";
        return value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw new ManifestException($"{where}: \"{names[column]}\" is not text.", "Correct the line.");
    }
}

/// <summary>Lists in Apache Parquet, the format of the reference's own tools.</summary>
internal static class ParquetRows
{
    /// <summary>Reads all rows.</summary>
    public static IEnumerable<ManifestEntry> Read(string path, ManifestSettings settings)
    {
        try
        {
            // The library only has an asynchronous API; there is nothing else to do meanwhile.
            return ReadAsync(path, settings).GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is not (ManifestException or IOException or UnauthorizedAccessException))
        {
            throw new ManifestException($"{path} is damaged or not a Parquet file: {failure.Message}", "Write it again.", failure);
        }
    }

    private static async Task<List<ManifestEntry>> ReadAsync(string path, ManifestSettings settings)
    {
        await using var reader = await ParquetReader.CreateAsync(path).ConfigureAwait(false);
        DataField[] fields = reader.Schema.GetDataFields();
        var (pathColumn, promptColumn) = Columns.Find(path, [.. fields.Select(field => field.Name)], settings);
        var entries = new List<ManifestEntry>();
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using var rows = reader.OpenRowGroupReader(group);
            string?[] paths = await TextAsync(path, rows, fields[pathColumn]).ConfigureAwait(false);
            string?[] prompts =
                promptColumn < 0 ? new string?[paths.Length] : await TextAsync(path, rows, fields[promptColumn]).ConfigureAwait(false);
            entries.AddRange(paths.Zip(prompts, (file, prompt) => new ManifestEntry(file ?? "", prompt ?? "")));
        }
        return entries;
    }

    private static async Task<string?[]> TextAsync(string path, ParquetRowGroupReader rows, DataField field)
    {
        // The library uses either type for text, depending on how the file is read.
        if (field.ClrType != typeof(string) && field.ClrType != typeof(ReadOnlyMemory<char>))
            throw new ManifestException($"{path}: column \"{field.Name}\" holds {field.ClrType.Name}, not text.", "Name a column of text.");
        var values = new string?[rows.RowCount];
        await rows.ReadAsync(field, values.AsMemory()!).ConfigureAwait(false);
        return values;
    }
}
