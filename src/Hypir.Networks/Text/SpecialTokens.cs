using System.Text.Json;

namespace Hypir.Networks.Text;

/// <summary>The tokens with a role of their own. Each is recognised whole inside a text, even the pad token, which is "!" in Stable Diffusion 2.</summary>
/// <param name="Begin">First token of each text.</param>
/// <param name="End">Token after the last.</param>
/// <param name="Pad">Fills up the rest.</param>
/// <param name="Unknown">Stands for what the vocabulary lacks.</param>
/// <param name="All">These and any that were added.</param>
internal sealed record SpecialTokens(string Begin, string End, string Pad, string Unknown, IReadOnlyList<string> All)
{
    /// <summary>
    /// Reads what two files say, as transformers does: special_tokens_map.json goes before tokenizer_config.json, unless the latter is of the newer kind
    /// that lists its added tokens.
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

    private static string? Content(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object when value.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String => content.GetString(),
        _ => null,
    } is { Length: > 0 } token ? token : null;
}
