using System.Text;

namespace Hypir.Networks.Text;

/// <summary>
/// CLIP's division of cleaned, lower-case text into words: the two marks of its vocabulary, English contractions ("'s" …), runs of letters, single
/// digits, runs of anything else that is no white space. Letters and digits are Unicode's categories L and N.
/// </summary>
internal static class ClipWords
{
    /// <summary>The marks that CLIP's vocabulary has; they are tokens whole wherever they stand.</summary>
    public static readonly string[] Marks = ["<|startoftext|>", "<|endoftext|>"];

    private static readonly string[] Whole = [.. Marks, "'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Letter,
        Digit,
        Space,
        Other,
    }

    /// <summary>The words in order.</summary>
    public static IEnumerable<string> Split(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            if (Array.Find(Whole, whole => string.CompareOrdinal(text, start, whole, 0, whole.Length) == 0) is { } found)
            {
                yield return found;
                start += found.Length;
                continue;
            }

            Kind kind = KindAt(text, start, out int length);
            int end = start + length;
            while (end < text.Length && kind is Kind.Letter or Kind.Other && KindAt(text, end, out length) == kind)
                end += length;
            if (kind != Kind.Space)
                yield return text[start..end];
            start = end;
        }
    }

    private static Kind KindAt(string text, int index, out int length)
    {
        Rune.DecodeFromUtf16(text.AsSpan(index), out Rune rune, out length);
        // The iota below is a mark whose case variants are letters: the reference's expression, which ignores case, matches it nowhere.
        if (rune.Value == 0x0345)
            return Kind.Space;
        return Rune.IsLetter(rune) ? Kind.Letter : Rune.IsNumber(rune) ? Kind.Digit : Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other;
    }
}
