using System.Text;

namespace Hypir.Networks.Text;

/// <summary>
/// Unicode Normalization Form C (UAX #15). The runtime's own normalization needs ICU, which a bare system lacks, and leaves text unchanged
/// in invariant mode.
/// </summary>
internal static class CanonicalComposition
{
    // Hangul syllables follow from arithmetic (The Unicode Standard, 3.12).
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>The text in form C.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    public static string Compose(string text)
    {
        // Text below U+0300 is already composed.
        if (!text.Any(c => c >= '\u0300'))
            return text;
        var codes = new List<int>(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            Decompose(rune.Value, codes);
        SortMarks(codes);
        var composed = new StringBuilder(text.Length);
        foreach (int code in Recompose(codes))
            composed.Append(new Rune(code).ToString());
        return composed.ToString();
    }

    private static int Class(int code) => Data.Value.Classes.GetValueOrDefault(code);

    private static void Decompose(int code, List<int> into)
    {
        int syllable = code - SBase;
        if (syllable is >= 0 and < LCount * VCount * TCount)
        {
            into.Add(LBase + (syllable / (VCount * TCount)));
            into.Add(VBase + (syllable % (VCount * TCount) / TCount));
            if (syllable % TCount != 0)
                into.Add(TBase + (syllable % TCount));
        }
        else if (Data.Value.Decompositions.TryGetValue(code, out int[]? parts))
        {
            foreach (int part in parts)
                Decompose(part, into);
        }
        else
        {
            into.Add(code);
        }
    }

    /// <summary>Sorts the marks between two starters by class; equal classes keep their order.</summary>
    private static void SortMarks(List<int> codes)
    {
        for (int i = 1; i < codes.Count; i++)
        {
            int mark = codes[i], rank = Class(mark), at = i;
            for (; rank != 0 && at > 0 && Class(codes[at - 1]) > rank; at--)
                codes[at] = codes[at - 1];
            codes[at] = mark;
        }
    }

    private static List<int> Recompose(List<int> codes)
    {
        var result = new List<int>(codes.Count);
        int starter = -1, lastClass = 0;
        foreach (int code in codes)
        {
            int rank = Class(code);
            bool blocked = starter < 0 || (lastClass != 0 && lastClass >= rank) || (lastClass == 0 && starter != result.Count - 1);
            if (!blocked && Pair(result[starter], code) is { } composite)
            {
                result[starter] = composite;
                continue;
            }

            if (rank == 0)
                starter = result.Count;
            lastClass = rank;
            result.Add(code);
        }

        return result;
    }

    private static int? Pair(int first, int second)
    {
        int lead = first - LBase, vowel = second - VBase, syllable = first - SBase, tail = second - TBase;
        if (lead is >= 0 and < LCount && vowel is >= 0 and < VCount)
            return SBase + (((lead * VCount) + vowel) * TCount);
        if (syllable is >= 0 and < LCount * VCount * TCount && syllable % TCount == 0 && tail is > 0 and < TCount)
            return first + tail;
        return Data.Value.Compositions.TryGetValue((first, second), out int composite) ? composite : null;
    }

    private sealed record Tables(
        Dictionary<int, int> Classes, Dictionary<int, int[]> Decompositions, Dictionary<(int First, int Second), int> Compositions)
    {
        public static Tables Read()
        {
            var tables = new Tables([], [], []);
            foreach (string[] line in TextTables.Lines("normalization"))
            {
                if (line[0] == "c")
                {
                    int[] range = [.. line[2].Split('-').Select(TextTables.Code)];
                    for (int code = range[0]; code <= range[^1]; code++)
                        tables.Classes[code] = int.Parse(line[1], System.Globalization.CultureInfo.InvariantCulture);
                    continue;
                }

                int[] codes = [.. line.Skip(1).Select(TextTables.Code)];
                tables.Decompositions[codes[0]] = codes[1..];
                if (line[0] == "d")
                    tables.Compositions[(codes[1], codes[2])] = codes[0];
            }

            return tables;
        }
    }
}
