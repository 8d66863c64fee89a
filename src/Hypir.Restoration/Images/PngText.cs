using System.Globalization;
using NetVips;

namespace Hypir.Restoration.Images;

/// <summary>
/// The text chunks of a PNG file, as libvips names them (png-comment-N-KEYWORD): the PNG specification's own keywords, and the "Raw profile
/// type X" by which ImageMagick and others carry IPTC.
/// </summary>
internal sealed class PngText
{
    private const string Prefix = "png-comment-", RawProfile = "Raw profile type ";

    private readonly List<(string Keyword, string Text)> _chunks = [];

    /// <summary>Reads the chunks of an opened image; none where it is no PNG.</summary>
    internal PngText(Image image)
    {
        foreach (string field in image.GetFields().Where(field => field.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            // Behind the number's dash.
            int keyword = field.IndexOf('-', Prefix.Length) + 1;
            if (keyword > 0 && image.Get(field) is string text)
                _chunks.Add((field[keyword..], text));
        }
    }

    /// <summary>A chunk's text; null without one.</summary>
    internal string? Text(string keyword) => _chunks.Find(chunk => chunk.Keyword == keyword).Text?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A profile that a chunk spells in hexadecimal digits; null without one, or where it is damaged.</summary>
    internal byte[]? Raw(string type)
    {
        // Lines: a name, the number of bytes, the digits.
        string[] lines = Text(RawProfile + type)?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        int size = Array.FindIndex(lines, line => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        return size < 0 ? null : Decode(string.Concat(lines[(size + 1)..]));
    }

    private static byte[]? Decode(string digits)
    {
        try
        {
            return Convert.FromHexString(digits);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
