using System.Globalization;
using System.Text;

namespace Hypir.Networks.Text;

/// <summary>
/// Unicode's full lower-case mapping for any language: each letter's own, "İ" as "i" with its dot, and a sigma at a word's end as "ς" (The Unicode
/// Standard, 3.13, Final_Sigma).
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

    private static bool Cased(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || rune.Value is 'ª' or 'º' or (>= 'Ⅰ' and <= 'ⅿ') or (>= 'Ⓐ' and <= 'ⓩ');

    private static bool Ignorable(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || rune.Value is '\'' or '.' or ':' or '·' or '·' or '՟' or '״' or '‘' or '’' or '․' or '‧' or '︓' or '﹒' or '﹕' or '＇' or '．' or '：';
}
