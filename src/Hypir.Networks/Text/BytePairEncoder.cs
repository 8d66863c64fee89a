using System.Text;

namespace Hypir.Networks.Text;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016) over the bytes of UTF-8, as GPT-2 and CLIP use it: each byte is a printable character, the last one of a
/// word carries "&lt;/w&gt;", and the known pair of lowest rank is joined until none is left.
/// </summary>
/// <param name="vocabulary">Token to id.</param>
/// <param name="ranks">Rank of each pair that is joined.</param>
/// <param name="unknown">Id of a symbol that the vocabulary lacks.</param>
internal sealed class BytePairEncoder(IReadOnlyDictionary<string, long> vocabulary, IReadOnlyDictionary<(string First, string Second), int> ranks, long unknown)
{
    private static readonly string[] Characters = ByteCharacters();

    /// <summary>The characters that stand for bytes, in the order in which CLIP's vocabulary begins with them.</summary>
    public static IEnumerable<string> Alphabet => Characters.Order(StringComparer.Ordinal);

    /// <summary>The ids of one word.</summary>
    public IEnumerable<long> Encode(string word)
    {
        List<string> symbols = [.. Encoding.UTF8.GetBytes(word).Select(b => Characters[b])];
        symbols[^1] += "</w>";
        while (Best(symbols) is { } pair)
            Join(symbols, pair);
        return symbols.Select(symbol => vocabulary.GetValueOrDefault(symbol, unknown));
    }

    private (string First, string Second)? Best(List<string> symbols)
    {
        int best = int.MaxValue;
        (string, string)? result = null;
        for (int i = 1; i < symbols.Count; i++)
        {
            if (ranks.TryGetValue((symbols[i - 1], symbols[i]), out int rank) && rank < best)
                (best, result) = (rank, (symbols[i - 1], symbols[i]));
        }

        return result;
    }

    private static void Join(List<string> symbols, (string First, string Second) pair)
    {
        int kept = 0;
        for (int i = 0; i < symbols.Count; i++)
        {
            bool joined = i + 1 < symbols.Count && symbols[i] == pair.First && symbols[i + 1] == pair.Second;
            symbols[kept++] = joined ? pair.First + pair.Second : symbols[i];
            i += joined ? 1 : 0;
        }

        symbols.RemoveRange(kept, symbols.Count - kept);
    }

    /// <summary>Printable bytes of Latin-1 are their own characters; the others take those from U+0100 on, in order.</summary>
    private static string[] ByteCharacters()
    {
        int next = 0x100;
        return [.. Enumerable.Range(0, 256).Select(b => ((char)(b is (>= '!' and <= '~') or (>= '¡' and <= '¬') or (>= '®' and <= 'ÿ') ? b : next++)).ToString())];
    }
}
