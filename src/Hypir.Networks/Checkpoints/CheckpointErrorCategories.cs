using System.Collections.Frozen;
using System.Text.Json;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// The text of each <see cref="CheckpointErrorKind"/> where programs exchange it (JSON output, the corpus of damaged files): the member's name in
/// snake case, e.g. <see cref="CheckpointErrorKind.MalformedPickle"/> and <c>malformed_pickle</c>.
/// </summary>
public static class CheckpointErrorCategories
{
    private static readonly FrozenDictionary<CheckpointErrorKind, string> Names =
        Enum.GetValues<CheckpointErrorKind>().ToFrozenDictionary(kind => kind, kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));

    private static readonly FrozenDictionary<string, CheckpointErrorKind> Kinds =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The text of a kind.</summary>
    public static string Category(this CheckpointErrorKind kind) => Names[kind];

    /// <summary>The kind of a text.</summary>
    /// <exception cref="KeyNotFoundException">No kind has this text.</exception>
    public static CheckpointErrorKind Parse(string category) => Kinds[category];
}
