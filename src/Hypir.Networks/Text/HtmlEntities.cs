using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Hypir.Networks.Text;

/// <summary>
/// Replaces character references of HTML ("&amp;amp;", "&amp;#39;") that end in a semicolon: every name of the HTML standard, lower-case names
/// written in capitals ("&amp;EACUTE;"), and numbers with the standard's rules for invalid ones.
/// </summary>
internal static partial class HtmlEntities
{
    private static readonly Lazy<Dictionary<string, string>> Names = new(() =>
        TextTables.Lines("entities").ToDictionary(line => line[0], line => TextTables.Text(line.Skip(1)), StringComparer.Ordinal));

    /// <summary>The text with its references replaced; unknown ones stay.</summary>
    public static string Unescape(string text) => text.Contains('&', StringComparison.Ordinal) ? Reference().Replace(text, Replacement) : text;

    [GeneratedRegex("&(?:#(?:(?<decimal>[0-9]{1,24})|[xX](?<hex>[0-9A-Fa-f]{1,23}))|(?<name>[0-9A-Za-z]{1,24}));", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    private static string Replacement(Match match)
    {
        if (match.Groups["name"] is { Success: true } name)
            return Names.Value.GetValueOrDefault(name.Value, match.Value);
        BigInteger number = match.Groups["hex"] is { Success: true } hex
            ? BigInteger.Parse("0" + hex.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : BigInteger.Parse(match.Groups["decimal"].Value, CultureInfo.InvariantCulture);
        string character = number > 0x10FFFF ? "\uFFFD" : Character((int)number);
        // A reference to the semicolon itself cannot be told from one that was read in part.
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
