using System.Text;
using System.Text.Json;

namespace Hypir.Networks.Text;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016) over UTF-8 bytes, as in GPT-2 and CLIP: each byte is a printable character, the last one of a
/// word carries "&lt;/w&gt;", and the known pair of lowest rank is merged until none is left.
/// </summary>
/// <param name="vocabulary">Token to id.</param>
/// <param name="ranks">Rank of each mergeable pair.</param>
/// <param name="unknown">Id of symbols that are not in the vocabulary.</param>
internal sealed class BytePairEncoder(
    IReadOnlyDictionary<string, long> vocabulary, IReadOnlyDictionary<(string First, string Second), int> ranks, long unknown)
{
    private static readonly string[] Characters = ByteCharacters();

    /// <summary>The characters that represent bytes, in the order in which they start CLIP's vocabulary.</summary>
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

    /// <summary>Printable Latin-1 bytes represent themselves; the others use the characters from U+0100 on, in order.</summary>
    private static string[] ByteCharacters()
    {
        int next = 0x100;
        return
        [
            .. Enumerable
                .Range(0, 256)
                .Select(b => ((char)(b is (>= '!' and <= '~') or (>= '¡' and <= '¬') or (>= '®' and <= 'ÿ') ? b : next++)).ToString()),
        ];
    }
}

/// <summary>
/// CLIP's split of cleaned, lower-case text into words: the two marks of its vocabulary, English contractions ("'s" …), runs of letters,
/// single digits, and runs of anything else except white space. Letters and digits are Unicode categories L and N.
/// </summary>
internal static class ClipWords
{
    /// <summary>The marks in CLIP's vocabulary, which are whole tokens anywhere in the text.</summary>
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
        // This iota is a combining mark whose case variants are letters: the reference's case-insensitive expression never matches it.
        if (rune.Value == 0x0345)
            return Kind.Space;
        return Rune.IsLetter(rune) ? Kind.Letter : Rune.IsNumber(rune) ? Kind.Digit : Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other;
    }
}

/// <summary>
/// Tokens with a special role. Each one is recognized as a whole inside a text, even the pad token, which is "!" in Stable Diffusion 2.
/// </summary>
/// <param name="Begin">First token of each text.</param>
/// <param name="End">Token after the last.</param>
/// <param name="Pad">Fills the remaining positions.</param>
/// <param name="Unknown">Stands for anything not in the vocabulary.</param>
/// <param name="All">These and any added tokens.</param>
internal sealed record SpecialTokens(string Begin, string End, string Pad, string Unknown, IReadOnlyList<string> All)
{
    /// <summary>
    /// Combines two files like transformers: special_tokens_map.json takes precedence over tokenizer_config.json, unless the latter is of
    /// the newer kind that lists its added tokens.
    /// </summary>
    public static SpecialTokens From(JsonElement config, JsonElement map, Dictionary<string, long> vocabulary)
    {
        bool newer = Added(config) is not null;
        string Find(string role, string otherwise) => (newer ? null : Token(map, role)) ?? Token(config, role) ?? otherwise;
        string begin = Find("bos_token", ClipWords.Marks[0]), end = Find("eos_token", ClipWords.Marks[1]);
        string pad = Find("pad_token", ClipWords.Marks[1]), unknown = Find("unk_token", ClipWords.Marks[1]);
        HashSet<string> all = [begin, end, pad, unknown];
        foreach (var added in Added(config)?.EnumerateObject().ToArray() ?? [])
        {
            if (Content(added.Value) is not { } token || !long.TryParse(added.Name, out long id))
                continue;
            vocabulary.TryAdd(token, id);
            all.Add(token);
        }

        return new(begin, end, pad, unknown, [.. all.OrderByDescending(token => token.Length)]);
    }

    private static JsonElement? Added(JsonElement config) => config.ValueKind == JsonValueKind.Object
        && config.TryGetProperty("added_tokens_decoder", out var added) && added.ValueKind == JsonValueKind.Object ? added : null;

    private static string? Token(JsonElement file, string role) =>
        file.ValueKind == JsonValueKind.Object && file.TryGetProperty(role, out var value) ? Content(value) : null;

    private static string? Content(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Object when value.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String =>
                content.GetString(),
            _ => null,
        }
            is { Length: > 0 } token
            ? token
            : null;
}
