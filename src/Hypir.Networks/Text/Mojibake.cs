using System.Text;
using System.Text.RegularExpressions;

namespace Hypir.Networks.Text;

/// <summary>Restores text that was written as UTF-8 and read as Latin-1 or Windows-1252, once or several times over.</summary>
internal static partial class Mojibake
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The restored text, or the text itself where nothing looks misread.</summary>
    public static string Repair(string text)
    {
        while (RepairOnce(text) is { } repaired && repaired != text)
            text = repaired;
        return text;
    }

    /// <summary>Controls of Latin-1's second half as the characters that Windows-1252 has there.</summary>
    public static string ReplaceC1(string text) => text.Any(IsC1) ? string.Concat(text.Select(c => IsC1(c) ? Windows1252.Decode((byte)c) : c)) : text;

    private static bool IsC1(char c) => c is >= '\u0080' and <= '\u009F';

    private static string RepairOnce(string text)
    {
        if (Ascii.IsValid(text) || !MojibakeClues.Suspicious(text))
            return text;
        if (text.All(c => c <= '\u00FF') && Decode(text, lossy: false) is { } latin)
            return latin;
        byte?[] bytes = [.. text.Select(Windows1252.Encode)];
        if (bytes.All(b => b is not null) && Decode(string.Concat(bytes.Select(b => (char)b!)), lossy: true) is { } windows)
            return windows;

        // The whole is not UTF-8; parts of it may be. A part must be shorter than the whole, or this would not end.
        string parts = MojibakeClues.Sequences().Replace(text, match =>
            match.Length < text.Length && MojibakeClues.Suspicious(match.Value) ? Repair(match.Value) : match.Value);
        return parts != text ? parts : ReplaceC1(text);
    }

    /// <summary>The text of UTF-8 bytes, or null where they are not valid.</summary>
    /// <param name="bytes">One character a byte, so that expressions can search it.</param>
    /// <param name="lossy">Whether <see cref="Windows1252.Lost"/> may stand for a byte that is gone.</param>
    private static string? Decode(string bytes, bool lossy)
    {
        if (SpacedSequence().IsMatch(bytes))
            bytes = SpacedSequence().Replace(LoneAGrave().Replace(bytes, "\u00C3\u00A0 "), match => match.Value.Replace(' ', '\u00A0'));
        if (lossy)
            bytes = LossySequence().Replace(bytes, "\u00EF\u00BF\u00BD"); // U+FFFD itself
        try
        {
            return Utf8.GetString(Encoding.Latin1.GetBytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // "Ã " as a word of its own is "à" whose byte A0 merged with the space after it; but not where it begins one of the Portuguese words àquele …, às.
    [GeneratedRegex("\u00C3 (?! |quele|quela|quilo|s )", RegexOptions.CultureInvariant)]
    private static partial Regex LoneAGrave();

    // Sequences that would be likely characters if a space in them were byte A0.
    [GeneratedRegex("[\u00C2\u00C3\u00C5\u00CE\u00D0\u00D9] |[\u00E2\u00E3] [\u0080-\u0084\u0086-\u009F\u00A1-\u00BF]|[\u00E0-\u00E3][\u0080-\u0084\u0086-\u009F\u00A1-\u00BF] "
        + "|\u00F0(?: [\u0080-\u00BF]{2}|[\u0080-\u00BF] [\u0080-\u00BF]|[\u0080-\u00BF]{2} )", RegexOptions.CultureInvariant)]
    private static partial Regex SpacedSequence();

    // Sequences with a byte that was lost (1A, or one question mark).
    [GeneratedRegex("[\u00C2-\u00DF]\u001A|[\u00C2\u00C3]\\?|[\u00E0-\u00EF](?:[\u001A?][\u001A\u0080-\u00BF]|[\u001A\u0080-\u00BF][\u001A?])"
        + "|[\u00F0-\u00F4](?:[\u001A?][\u001A\u0080-\u00BF]{2}|[\u001A\u0080-\u00BF][\u001A?][\u001A\u0080-\u00BF]|[\u001A\u0080-\u00BF]{2}[\u001A?])|\u001A",
        RegexOptions.CultureInvariant)]
    private static partial Regex LossySequence();
}
