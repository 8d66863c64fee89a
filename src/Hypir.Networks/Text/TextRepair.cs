using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Hypir.Networks.Text;

/// <summary>
/// Cleans text like the reference's tokenizer does before splitting it: the repairs that the Python library ftfy documents (HTML
/// references, UTF-8 misread as Latin-1 or Windows-1252 in a simpler form, stray controls, ligatures, character widths, curly quotes, line
/// ends, lone surrogates, terminal escapes), then Normalization Form C, repeated until nothing changes.
/// </summary>
internal static partial class TextRepair
{
    /// <summary>The repaired text.</summary>
    public static string Repair(string text)
    {
        // A line with a "<" is taken for HTML source, whose references are intentional; so are the lines after it.
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

/// <summary>
/// Restores UTF-8 text that was misread as Latin-1 or Windows-1252, once or several times ("cafÃ©" was "café").
/// </summary>
/// <remarks>
/// UTF-8 is strict enough to be recognized: a run of characters whose Windows-1252 bytes are a lead byte with exactly its continuation
/// bytes is hardly ever intended. The exceptions are single pairs such as "É™", which do occur; they are kept unless the lead byte is one
/// of those of Western European letters (Â, Ã) or another sequence follows directly.
/// </remarks>
internal static partial class Mojibake
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The restored text, or the text itself if nothing looks misread.</summary>
    public static string Repair(string text)
    {
        // Each pass shortens the text, so this terminates.
        while (RepairOnce(text) is var repaired && repaired != text)
            text = repaired;
        return text;
    }

    /// <summary>Replaces Latin-1's C1 controls by the characters that Windows-1252 has in their place.</summary>
    public static string ReplaceC1(string text) =>
        text.Any(IsC1) ? string.Concat(text.Select(c => IsC1(c) ? Windows1252.Decode((byte)c) : c)) : text;

    private static bool IsC1(char c) => c is >= '\u0080' and <= '\u009F';

    private static string RepairOnce(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        // Characters outside Windows-1252 represent themselves; NUL is never part of a sequence.
        string bytes = string.Concat(text.Select(c => (char)(Windows1252.Encode(c) ?? (IsC1(c) ? c : 0))));
        var result = new StringBuilder(text.Length);
        int copied = 0;
        foreach (Match run in Misread().Matches(bytes))
        {
            result.Append(text, copied, run.Index - copied).Append(Decode(run.Value) ?? text.Substring(run.Index, run.Length));
            copied = run.Index + run.Length;
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    private static string? Decode(string bytes)
    {
        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            return null; // An overlong form or a surrogate: not UTF-8 after all.
        }
    }

    // Lead bytes with as many continuation bytes as they announce.
    [GeneratedRegex(
        "[\u00C2\u00C3][\u0080-\u00BF]|(?:[\u00C2-\u00DF][\u0080-\u00BF]){2,}|[\u00E0-\u00EF][\u0080-\u00BF]{2}|"
            + "[\u00F0-\u00F4][\u0080-\u00BF]{3}",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Misread();
}

/// <summary>
/// Windows-1252 as browsers read it: its five unassigned bytes are Latin-1's control characters.
/// </summary>
internal static class Windows1252
{
    private const string From80 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    /// <summary>The character of a byte.</summary>
    public static char Decode(byte value) => value is >= 0x80 and < 0xA0 ? From80[value - 0x80] : (char)value;

    /// <summary>The byte of a character, or null.</summary>
    public static byte? Encode(char character)
    {
        if (character is < '\u0080' or (>= '\u00A0' and <= '\u00FF'))
            return (byte)character;
        int index = From80.IndexOf(character, StringComparison.Ordinal);
        return index < 0 ? null : (byte)(0x80 + index);
    }
}

/// <summary>
/// Replaces HTML character references ("&amp;amp;", "&amp;#39;") that end in a semicolon: every name in the HTML standard, lower-case names
/// written in capitals ("&amp;EACUTE;"), and numbers, with the standard's rules for invalid ones.
/// </summary>
internal static partial class HtmlEntities
{
    private static readonly Lazy<Dictionary<string, string>> Names = new(() =>
        TextTables.Lines("entities").ToDictionary(line => line[0], line => TextTables.Text(line.Skip(1)), StringComparer.Ordinal));

    /// <summary>Replaces the references in a text; unknown ones stay.</summary>
    public static string Unescape(string text) =>
        text.Contains('&', StringComparison.Ordinal) ? Reference().Replace(text, Replacement) : text;

    [GeneratedRegex(
        "&(?:#(?:(?<decimal>[0-9]{1,24})|[xX](?<hex>[0-9A-Fa-f]{1,23}))|(?<name>[0-9A-Za-z]{1,24}));", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    private static string Replacement(Match match)
    {
        if (match.Groups["name"] is { Success: true } name)
            return Names.Value.GetValueOrDefault(name.Value, match.Value);
        BigInteger number = match.Groups["hex"] is { Success: true } hex
            ? BigInteger.Parse("0" + hex.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : BigInteger.Parse(match.Groups["decimal"].Value, CultureInfo.InvariantCulture);
        string character = number > 0x10FFFF ? "\uFFFD" : Character((int)number);
        // A reference to the semicolon itself is indistinguishable from a partially read one.
        return character == ";" ? match.Value : character;
    }

    /// <summary>The character of a numeric reference (HTML standard, "numeric character reference end state").</summary>
    private static string Character(int code) => code switch
    {
        0 or (>= 0xD800 and <= 0xDFFF) => "\uFFFD",
        >= 0x80 and <= 0x9F => Windows1252.Decode((byte)code).ToString(),
        (< 0x20 and not (0x09 or 0x0A or 0x0C or 0x0D)) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) => "",
        _ when (code & 0xFFFE) == 0xFFFE => "",
        _ => char.ConvertFromUtf32(code),
    };
}
