using System.Text.Json;
using Hypir.Core.Files;

namespace Hypir.Networks.Text;

/// <summary>The content of a tokenizer folder's files.</summary>
internal sealed record TokenizerFiles(
    IReadOnlyDictionary<string, long> Vocabulary, IReadOnlyDictionary<(string First, string Second), int> Ranks, SpecialTokens Special,
    int Length)
{
    private const string Remedy =
        "Copy the model's tokenizer folder again: vocab.json, merges.txt, special_tokens_map.json, tokenizer_config.json.";

    // CLIP's vocabulary consists of 256 bytes, 256 word-final bytes, these merges, and two marks; additional merges in a longer file are
    // ignored.
    private const int MaximumMerges = 49152 - 256 - 2;

    /// <summary>Reads the folder.</summary>
    /// <exception cref="ModelException">A file is missing or damaged, or a special token is not in the vocabulary.</exception>
    public static TokenizerFiles Read(string folder)
    {
        var vocabulary = ReadVocabulary(Path.Combine(folder, "vocab.json"));
        string map = Path.Combine(folder, "special_tokens_map.json"), config = Path.Combine(folder, "tokenizer_config.json");
        var settings = File.Exists(config) ? ReadObject(config) : default;
        var special = SpecialTokens.From(settings, File.Exists(map) ? ReadObject(map) : default, vocabulary);
        foreach (string token in special.All.Where(token => !vocabulary.ContainsKey(token)))
            throw new ModelException($"{folder}: the special token \"{token}\" is not in vocab.json.", Remedy);
        int length = settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty("model_max_length", out var maximum)
            && maximum.ValueKind == JsonValueKind.Number && maximum.TryGetInt32(out int value) && value is > 2 and <= 4096 ? value : 77;
        return new(vocabulary, ReadMerges(Path.Combine(folder, "merges.txt")), special, length);
    }

    /// <summary>
    /// The tokenizer of Stable Diffusion 2, for single-file models, which have none: CLIP's vocabulary follows from its merges (bytes,
    /// word-final bytes, merges, two marks), and the pad token is "!".
    /// </summary>
    public static TokenizerFiles StableDiffusion2()
    {
        using var stream = typeof(TokenizerFiles).Assembly.GetManifestResourceStream("Text.merges")
            ?? throw new InvalidOperationException("The merges are not embedded.");
        using var reader = new StreamReader(stream);
        Dictionary<(string First, string Second), int> ranks = ParseMerges("merges.txt", reader.ReadToEnd());
        string begin = ClipWords.Marks[0], end = ClipWords.Marks[1];
        IEnumerable<string> tokens =
        [
            .. BytePairEncoder.Alphabet, .. BytePairEncoder.Alphabet.Select(symbol => symbol + "</w>"),
            .. ranks.OrderBy(entry => entry.Value).Select(entry => entry.Key.First + entry.Key.Second), begin, end,
        ];
        Dictionary<string, long> vocabulary = tokens.Select((token, id) => (token, (long)id)).ToDictionary(StringComparer.Ordinal);
        return new(vocabulary, ranks, new SpecialTokens(begin, end, "!", end, [begin, end, "!"]), 77);
    }

    private static Dictionary<string, long> ReadVocabulary(string path)
    {
        var result = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var entry in ReadObject(path).EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt64(out long id) || id < 0)
                throw new ModelException($"{path}: the token \"{entry.Name}\" has no id of 0 or more.", Remedy);
            result[entry.Name] = id;
        }

        return result.Count > 0 ? result : throw new ModelException($"{path}: it holds no token.", Remedy);
    }

    private static Dictionary<(string First, string Second), int> ReadMerges(string path) =>
        ParseMerges(path, ReadFile(path, File.ReadAllText));

    private static Dictionary<(string First, string Second), int> ParseMerges(string path, string text)
    {
        string[] lines = text.Trim().Split('\n');
        var result = new Dictionary<(string, string), int>();
        for (int i = 1; i < lines.Length && i <= MaximumMerges; i++) // the first line is the format's version
        {
            string[] pair = lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (pair.Length != 2)
                throw new ModelException($"{path}: line {i + 1} is not a pair of symbols.", Remedy);
            result[(pair[0], pair[1])] = i;
        }

        return result;
    }

    private static JsonElement ReadObject(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(ReadFile(path, File.ReadAllBytes));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ModelException($"{path}: it is not a JSON object.", Remedy);
        }
        catch (JsonException e)
        {
            throw new ModelException($"{path}: it is not valid JSON ({e.Message})", Remedy, e);
        }
    }

    private static T ReadFile<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(RegularFile.Require(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelException($"{path} is missing.", Remedy, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path} cannot be read: {e.Message}", Remedy, e);
        }
    }
}
