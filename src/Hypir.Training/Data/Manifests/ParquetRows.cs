using Parquet;
using Parquet.Schema;

namespace Hypir.Training.Data.Manifests;

/// <summary>Lists in Apache Parquet, what the reference's own tools write.</summary>
internal static class ParquetRows
{
    /// <summary>Reads all rows.</summary>
    public static IEnumerable<ManifestEntry> Read(string path, ManifestSettings settings)
    {
        try
        {
            // The library is asynchronous only; there is nothing else to do meanwhile.
            return ReadAsync(path, settings).GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is not (ManifestException or IOException or UnauthorizedAccessException))
        {
            throw new ManifestException($"{path} is damaged, or no Parquet file: {failure.Message}", "Write it again.", failure);
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
            string?[] prompts = promptColumn < 0 ? new string?[paths.Length] : await TextAsync(path, rows, fields[promptColumn]).ConfigureAwait(false);
            entries.AddRange(paths.Zip(prompts, (file, prompt) => new ManifestEntry(file ?? "", prompt ?? "")));
        }
        return entries;
    }

    private static async Task<string?[]> TextAsync(string path, ParquetRowGroupReader rows, DataField field)
    {
        // The library has either for text, by the way in which the file was read.
        if (field.ClrType != typeof(string) && field.ClrType != typeof(ReadOnlyMemory<char>))
            throw new ManifestException($"{path}: column \"{field.Name}\" holds {field.ClrType.Name}, not text.", "Name a column of text.");
        var values = new string?[rows.RowCount];
        await rows.ReadAsync(field, values.AsMemory()!).ConfigureAwait(false);
        return values;
    }
}
