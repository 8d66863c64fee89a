using System.Text;
using System.Text.RegularExpressions;

namespace Hypir.Networks.Text;

/// <summary>Restores text that was written as UTF-8 and read as Latin-1 or Windows-1252, once or several times over ("cafÃ©" was "café").</summary>
/// <remarks>
/// UTF-8 is strict enough to recognise itself: a run of characters whose Windows-1252 bytes are a lead byte with exactly its continuation bytes hardly ever
/// means itself. The exception are single pairs such as "É™", which do occur; they are taken for themselves unless the lead is one of those of Western
/// European letters (Â, Ã) or another sequence follows directly.
/// </remarks>
internal static partial class Mojibake
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The restored text, or the text itself where nothing looks misread.</summary>
    public static string Repair(string text)
    {
        // Each pass shortens the text, so this ends.
        while (RepairOnce(text) is var repaired && repaired != text)
            text = repaired;
        return text;
    }

    /// <summary>Controls of Latin-1's second half as the characters that Windows-1252 has there.</summary>
    public static string ReplaceC1(string text) => text.Any(IsC1) ? string.Concat(text.Select(c => IsC1(c) ? Windows1252.Decode((byte)c) : c)) : text;

    private static bool IsC1(char c) => c is >= '\u0080' and <= '\u009F';

    private static string RepairOnce(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        // What is no byte of Windows-1252 stands for itself; NUL is never part of a sequence.
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
            return null; // An overlong form or a surrogate: no UTF-8 after all.
        }
    }

    // Lead bytes with as many continuation bytes as they announce.
    [GeneratedRegex("[\u00C2\u00C3][\u0080-\u00BF]|(?:[\u00C2-\u00DF][\u0080-\u00BF]){2,}|[\u00E0-\u00EF][\u0080-\u00BF]{2}|[\u00F0-\u00F4][\u0080-\u00BF]{3}",
        RegexOptions.CultureInvariant)]
    private static partial Regex Misread();
}
