using System.Globalization;
using System.Text;

namespace Hypir.Networks.Text;

/// <summary>
/// Replaces variant characters: ligatures of Latin letters, full-width and half-width forms, curly quotes, line ends, control characters.
/// </summary>
internal static class CharacterForms
{
    private static readonly Lazy<Dictionary<char, string>> Ordinary = new(() =>
        TextTables.Lines("widths").Select(line => (Form: (char)TextTables.Code(line[0]), Text: TextTables.Text(line.Skip(1))))
            .Concat(Ligatures()).ToDictionary(pair => pair.Form, pair => pair.Text));

    /// <summary>
    /// Replaces ligatures and width forms by the letters that they show. Ligatures of other scripts, and æ and œ, are letters and stay.
    /// </summary>
    public static string Widen(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c >= '\u0132' && Ordinary.Value.TryGetValue(c, out string? ordinary))
                result.Append(ordinary);
            else
                result.Append(c);
        }

        return result.ToString();
    }

    /// <summary>Replaces curly quotes by straight ones.</summary>
    public static string Uncurl(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = source[i] switch
            {
                '\u02BC' or (>= '\u2018' and <= '\u201B') => '\'',
                >= '\u201C' and <= '\u201F' => '"',
                _ => source[i],
            };
        }
    });

    /// <summary>Replaces every kind of line end by a line feed.</summary>
    public static string UnixLines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).ReplaceLineEndingCharacters();

    /// <summary>
    /// Removes stray control characters: ASCII's (except white space), annotation and deprecated Arabic ones, byte order marks.
    /// </summary>
    public static string WithoutControls(string text) => text.Any(IsControl) ? string.Concat(text.Where(c => !IsControl(c))) : text;

    private static bool IsControl(char c) => c is <= '\u0008' or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F'
        or (>= '\u206A' and <= '\u206F') or '\uFEFF' or (>= '\uFFF9' and <= '\uFFFC');

    private static string ReplaceLineEndingCharacters(this string text) =>
        text.Replace('\r', '\n').Replace('\u2028', '\n').Replace('\u2029', '\n').Replace('\u0085', '\n');

    private static IEnumerable<(char Form, string Text)> Ligatures()
    {
        const string forms = "ĲĳŉǱǲǳǄǅǆǇǈǉǊǋǌﬀﬁﬂﬃﬄﬅﬆ";
        string[] letters =
        [
            "IJ", "ij", "\u02BCn", "DZ", "Dz", "dz", "DŽ", "Dž", "dž", "LJ", "Lj", "lj", "NJ", "Nj", "nj", "ff", "fi", "fl", "ffi", "ffl",
            "ſt", "st",
        ];
        return forms.Zip(letters);
    }
}

/// <summary>
/// Unicode's full lower-case mapping without language rules: each letter's own, "İ" as "i" with its dot, and a sigma at a word's end as "ς"
/// (The Unicode Standard, 3.13, Final_Sigma).
/// </summary>
internal static class LowerCase
{
    /// <summary>The text in lower case.</summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        Rune[] runes = [.. text.EnumerateRunes()];
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < runes.Length; i++)
        {
            result.Append(runes[i].Value switch
            {
                'İ' => "i\u0307",
                'Σ' => EndsWord(runes, i) ? "ς" : "σ",
                _ => Rune.ToLowerInvariant(runes[i]).ToString(),
            });
        }

        return result.ToString();
    }

    private static bool EndsWord(Rune[] runes, int at)
    {
        int before = at - 1, after = at + 1;
        while (before >= 0 && Ignorable(runes[before]))
            before--;
        while (after < runes.Length && Ignorable(runes[after]))
            after++;
        return before >= 0 && Cased(runes[before]) && (after == runes.Length || !Cased(runes[after]));
    }

    private static bool Cased(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
        || rune.Value is 'ª' or 'º' or (>= 'Ⅰ' and <= 'ⅿ') or (>= 'Ⓐ' and <= 'ⓩ');

    private static bool Ignorable(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.ModifierSymbol
        || rune.Value
            is '\''
                or '.'
                or ':'
                or '·'
                or '·'
                or '՟'
                or '״'
                or '‘'
                or '’'
                or '․'
                or '‧'
                or '︓'
                or '﹒'
                or '﹕'
                or '＇'
                or '．'
                or '：';
}

/// <summary>Reads the embedded character tables (written by Data/tables.py).</summary>
internal static class TextTables
{
    /// <summary>The fields of each line of a table, without comments.</summary>
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

    /// <summary>Parses a hexadecimal code point.</summary>
    public static int Code(string field) => int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The text of hexadecimal code points.</summary>
    public static string Text(IEnumerable<string> fields) => string.Concat(fields.Select(field => char.ConvertFromUtf32(Code(field))));
}
