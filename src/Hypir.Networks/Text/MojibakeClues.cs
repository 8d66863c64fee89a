using System.Text.RegularExpressions;

namespace Hypir.Networks.Text;

/// <summary>
/// Tells text that was UTF-8 but was read as Latin-1 or Windows-1252 by pairs of neighbours that hardly occur in any language, as ftfy's documentation
/// describes its heuristic ("lowercase accented letters followed immediately by currency symbols"). Only characters of Windows-1252 are looked at.
/// </summary>
internal static partial class MojibakeClues
{
    private const string C1 = "\u0080-\u009F";
    private const string Common = "\u00A0\u00AD·´–—…’";
    private const string Rare = "¦¤¨¬¯¸ƒˆ˜†‡‰\uFFFDªº";
    private const string Law = "¶§";
    private const string Money = "¢£¥€";
    private const string Opening = "¡«¿©‘‚“„•‹";
    private const string Closing = "®»”›™";
    private const string Number = "²³¹±¼½¾×µ÷";
    private const string Upper = "À-ÑØÜÝŒŠŸŽ";
    private const string Lower = "ßà-ñüœšž";
    private const string Symbol = Opening + Closing + Money + Number + Law;
    private const string ArabicSecond = Common + Money + Rare + Number + Opening + "ŸŠ®°µ»";

    /// <summary>Whether the text holds a sequence that looks misread.</summary>
    public static bool Suspicious(string text) => Unlikely().IsMatch(text);

    /// <summary>
    /// Runs that could be UTF-8 sequences read as Windows-1252, a space standing for byte A0 too; not right after another such byte (in Windows-1252 or,
    /// for æ and ø, in its Baltic sister), where a part of a larger garble would be cut out.
    /// </summary>
    [GeneratedRegex("(?<![\u0080-\u00BFÆæØøŒœŠšŸŽžƒˆ˜†‡‰‹›€™])(?:[Â-ß]" + Continuation + "|[à-ï]" + Continuation + "{2}|[ðó]" + Continuation + "{3})+", RegexOptions.CultureInvariant)]
    public static partial Regex Sequences();

    private const string Continuation = "[ \u0080-\u00BFŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]";

    [GeneratedRegex(
        // Controls of Latin-1's second half, and characters that are used for nothing else, beside almost anything.
        $"[{C1}]|[{Rare}{Lower}{Upper}{Symbol}][{Rare}]|[{Rare}][{Lower}{Upper}{Symbol}]|[a-zA-Z]Þ[{Rare}]"
        // Changes of case and kind that no word makes.
        + $"|[{Lower}{Closing}{Money}{Number}][{Upper}]|[{Closing}{Money}{Number}][{Lower}]|[{Lower}{Closing}][{Money}]"
        + $"|\\s[{Upper}][{Money}]|[{Upper}][{Number}{Law}]|[a-z][{Upper}][{Opening}{Money}]|[{Money}{Number}][{Opening}]"
        // Quotes and signs the wrong way round or inside a word.
        + $"|[{Lower}{Upper}{Money}{Closing}][{Opening}][{Number}]|[{Lower}{Upper}{Money}{Number}{Law}][{Closing}][{Opening}]"
        + $"|[{Lower}{Upper}][{Opening}{Closing}]\\w|[Œœ][^A-Za-z]|[{Upper}]°"
        // First bytes of common two-byte sequences with a second byte that the pairs above leave out; Arabic needs two of them in a row.
        + $"|[ÂÃÎÐ][€œŠš¢£Ÿž\u00A0\u00AD®©°·»{Opening}{Closing}–—´]|×[²³]|[ØÙ][{ArabicSecond}][ØÙ][{ArabicSecond}]|à[²µ¹¼½¾]"
        // Byte A0 that became a space or stayed a no-break space, and "Â" before the very character that it encodes.
        + $"|Ã[\u00A0¡]|[a-z]\\s?[ÃÂ] |^[ÃÂ] |[a-z.,?!{Closing}]Â[ {Opening}{Closing}]",
        RegexOptions.CultureInvariant)]
    private static partial Regex Unlikely();
}
