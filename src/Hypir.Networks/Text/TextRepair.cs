using System.Text;
using System.Text.RegularExpressions;

namespace Hypir.Networks.Text;

/// <summary>
/// Cleans text as the reference's tokenizer does before it splits it: the repairs that the Python library ftfy documents, in a simpler form where UTF-8 was misread (HTML references, UTF-8 that
/// was read as Latin-1 or Windows-1252, stray controls, ligatures, character widths, curly quotes, line ends, lone surrogates, terminal escapes),
/// then Normalization Form C, again and again until nothing changes.
/// </summary>
internal static partial class TextRepair
{
    /// <summary>The repaired text.</summary>
    public static string Repair(string text)
    {
        // A line with a "<" is taken for HTML source, in which references are meant to be there; so are the lines after it.
        bool unescape = true;
        var result = new StringBuilder(text.Length);
        foreach (Range line in Lines(text))
        {
            unescape = unescape && !text.AsSpan(line).Contains('<');
            result.Append(RepairLine(text[line], unescape));
        }

        return result.ToString();
    }

    private static string RepairLine(string line, bool unescape)
    {
        while (true)
        {
            string before = line;
            if (unescape)
                line = HtmlEntities.Unescape(line);
            line = Mojibake.Repair(line);
            line = Mojibake.ReplaceC1(line);
            line = CharacterForms.Widen(line);
            line = CharacterForms.Uncurl(line);
            line = CharacterForms.UnixLines(line);
            line = WithoutLoneSurrogates(line);
            line = TerminalEscape().Replace(line, "");
            line = CharacterForms.WithoutControls(line);
            line = CanonicalComposition.Compose(line);
            if (line == before)
                return line;
        }
    }

    [GeneratedRegex("\u001B\\[[0-9;]*[a-zA-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex TerminalEscape();

    private static string WithoutLoneSurrogates(string text) =>
        text.Any(char.IsSurrogate) ? string.Concat(text.EnumerateRunes().Select(rune => rune.ToString())) : text;

    private static IEnumerable<Range> Lines(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start) is var feed and >= 0 ? feed + 1 : text.Length;
            yield return start..end;
            start = end;
        }
    }
}
