using Microsoft.VisualBasic.FileIO;

namespace Hypir.Training.Data.Manifests;

/// <summary>Lists of comma-separated values (RFC 4180) with a line of column names.</summary>
internal static class CsvRows
{
    /// <summary>Reads all rows.</summary>
    public static IEnumerable<ManifestEntry> Read(string path, ManifestSettings settings)
    {
        using var parser = new TextFieldParser(path) { TextFieldType = FieldType.Delimited, Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        var entries = new List<ManifestEntry>();
        try
        {
            string[] names = parser.ReadFields() ?? throw new ManifestException($"{path} is empty.", "Its first line has the names of the columns.");
            var (pathColumn, promptColumn) = Columns.Find(path, names, settings);
            while (parser.ReadFields() is { } fields)
            {
                if (fields.Length != names.Length)
                    throw new ManifestException($"{path}, near line {parser.LineNumber}: {fields.Length} values for {names.Length} columns.", "Correct the line; text with commas stands in quotes.");
                entries.Add(new(fields[pathColumn], promptColumn < 0 ? "" : fields[promptColumn]));
            }
        }
        catch (MalformedLineException failure)
        {
            throw new ManifestException($"{path}, line {parser.ErrorLineNumber}: {failure.Message}", "Correct the line; quotes within quoted text are doubled.", failure);
        }
        return entries;
    }
}
