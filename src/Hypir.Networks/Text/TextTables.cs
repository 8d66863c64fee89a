using System.Globalization;
using System.Text;

namespace Hypir.Networks.Text;

/// <summary>Reads the character tables that are embedded beside this code (Data/tables.py writes them).</summary>
internal static class TextTables
{
    /// <summary>The fields of each line of a table, comments left out.</summary>
    public static IEnumerable<string[]> Lines(string table)
    {
        using var stream = typeof(TextTables).Assembly.GetManifestResourceStream("Text." + table)
            ?? throw new InvalidOperationException($"The table {table} is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                yield return line.Split(' ');
        }
    }

    /// <summary>A code point in hexadecimal.</summary>
    public static int Code(string field) => int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The text of code points in hexadecimal.</summary>
    public static string Text(IEnumerable<string> fields) => string.Concat(fields.Select(field => char.ConvertFromUtf32(Code(field))));
}
