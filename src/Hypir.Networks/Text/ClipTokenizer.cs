using System.Text;
using System.Text.RegularExpressions;

namespace Hypir.Networks.Text;

/// <summary>
/// CLIP's tokenizer (Radford et al. 2021) with the vocabulary and special tokens of a model's folder. A text becomes a fixed number of ids:
/// begin, its tokens, end, and the pad token; excess tokens are cut. It is stateless after loading and thread-safe.
/// </summary>
public sealed class ClipTokenizer
{
    private readonly TokenizerFiles _files;
    private readonly BytePairEncoder _encoder;
    private readonly Regex _special;

    private ClipTokenizer(TokenizerFiles files)
    {
        _files = files;
        _encoder = new(files.Vocabulary, files.Ranks, files.Vocabulary[files.Special.Unknown]);
        _special = new("(" + string.Join('|', files.Special.All.Select(Regex.Escape)) + ")", RegexOptions.CultureInvariant);
    }

    /// <summary>Ids per text: 77 for every published CLIP.</summary>
    public int Length => _files.Length;

    /// <summary>Reads vocab.json, merges.txt and, if present, special_tokens_map.json and tokenizer_config.json.</summary>
    /// <param name="folder">A model's "tokenizer" folder.</param>
    /// <exception cref="ModelException">A file is missing or damaged, or a special token is not in the vocabulary.</exception>
    public static ClipTokenizer Load(string folder) => new(TokenizerFiles.Read(folder));

    /// <summary>The tokenizer of Stable Diffusion 2, with the vocabulary included in this library.</summary>
    public static ClipTokenizer StableDiffusion2() => new(TokenizerFiles.StableDiffusion2());

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any text; it is repaired and cleaned like in the reference. Special tokens in it count as tokens.</param>
    /// <returns><see cref="Length"/> ids, padded or cut.</returns>
    public long[] Encode(string text)
    {
        var special = _files.Special;
        var ids = new long[Length];
        Array.Fill(ids, _files.Vocabulary[special.Pad]);
        int count = 0;
        ids[count++] = _files.Vocabulary[special.Begin];
        foreach (long id in Tokens(text).Take(Length - 2))
            ids[count++] = id;
        ids[count] = _files.Vocabulary[special.End];
        return ids;
    }

    /// <summary>Counts the tokens of a text, including those that <see cref="Encode"/> cuts, without begin and end.</summary>
    /// <param name="text">Any text.</param>
    public int Count(string text) => Tokens(text).Count();

    // Special tokens split the original text; only the parts between them are cleaned.
    private IEnumerable<long> Tokens(string text) => _special.Split(text).SelectMany(part =>
        _files.Special.All.Contains(part) ? [_files.Vocabulary[part]] : ClipWords.Split(Clean(part)).SelectMany(Word));

    private IEnumerable<long> Word(string word) =>
        ClipWords.Marks.Contains(word) && _files.Vocabulary.TryGetValue(word, out long id) ? [id] : _encoder.Encode(word);

    private static string Clean(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (Rune rune in TextRepair.Repair(text).EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune))
                result.Append(rune.ToString());
            else if (result.Length > 0 && result[^1] != ' ')
                result.Append(' ');
        }

        return LowerCase.Of(result.ToString().TrimEnd(' '));
    }
}
