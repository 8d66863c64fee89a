using System.Globalization;
using System.Text.RegularExpressions;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>Python's raw-unicode-escape: how protocol 0 writes texts in a line.</summary>
internal static partial class RawUnicode
{
    /// <summary>The text, with <c>\uXXXX</c> and <c>\UXXXXXXXX</c> replaced; escapes of impossible characters are kept as they stand.</summary>
    public static string Decode(string line) => Escape().Replace(line, match =>
    {
        int code = int.Parse(match.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return code is >= 0 and <= 0x10ffff and not (>= 0xd800 and <= 0xdfff) ? char.ConvertFromUtf32(code) : match.Value;
    });

    [GeneratedRegex(@"\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
