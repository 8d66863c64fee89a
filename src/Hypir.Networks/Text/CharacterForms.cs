using System.Text;

namespace Hypir.Networks.Text;

/// <summary>Characters that stand for others: ligatures of Latin letters, full-width and half-width forms, curly quotes, line ends, controls.</summary>
internal static class CharacterForms
{
    private static readonly Lazy<Dictionary<char, string>> Ordinary = new(() =>
        TextTables.Lines("widths").Select(line => (Form: (char)TextTables.Code(line[0]), Text: TextTables.Text(line.Skip(1))))
            .Concat(Ligatures()).ToDictionary(pair => pair.Form, pair => pair.Text));

    /// <summary>Ligatures and width forms as the letters they show. Ligatures of other scripts, and æ and œ, are letters and stay.</summary>
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

    /// <summary>Curly quotes as straight ones.</summary>
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

    /// <summary>Every kind of line end as a line feed.</summary>
    public static string UnixLines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).ReplaceLineEndingCharacters();

    /// <summary>The text without controls that nobody means: ASCII's (except white space), annotation and deprecated Arabic ones, byte order marks.</summary>
    public static string WithoutControls(string text) => text.Any(IsControl) ? string.Concat(text.Where(c => !IsControl(c))) : text;

    private static bool IsControl(char c) => c is <= '\u0008' or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F'
        or (>= '\u206A' and <= '\u206F') or '\uFEFF' or (>= '\uFFF9' and <= '\uFFFC');

    private static string ReplaceLineEndingCharacters(this string text) =>
        text.Replace('\r', '\n').Replace('\u2028', '\n').Replace('\u2029', '\n').Replace('\u0085', '\n');

    private static IEnumerable<(char Form, string Text)> Ligatures()
    {
        const string forms = "ĲĳŉǱǲǳǄǅǆǇǈǉǊǋǌﬀﬁﬂﬃﬄﬅﬆ";
        string[] letters = ["IJ", "ij", "\u02BCn", "DZ", "Dz", "dz", "DŽ", "Dž", "dž", "LJ", "Lj", "lj", "NJ", "Nj", "nj", "ff", "fi", "fl", "ffi", "ffl", "ſt", "st"];
        return forms.Zip(letters);
    }
}
