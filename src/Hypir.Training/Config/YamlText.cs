using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Config;

/// <summary>
/// Reads YAML from untrusted files. The library builds nodes recursively, and aliases may refer to their own ancestors, so depth and
/// aliases are checked in the event stream before any node is created.
/// </summary>
internal static class YamlText
{
    // Deeper than any configuration or recipe, and far from the end of the stack.
    private const int MaxDepth = 64;

    // Maximum number of nodes that all aliases may expand to: lists that refer to each other ten times grow tenfold per line.
    private const int MaxAliased = 10_000;

    /// <summary>Reads all documents of a text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="YamlException">The text is not YAML, or is too deep or too large; the exception includes the line.</exception>
    public static IReadOnlyList<YamlDocument> Documents(string text)
    {
        Read(text, Check);
        var stream = new YamlStream();
        Read(text, stream.Load);
        return [.. stream.Documents];
    }

    /// <summary>The library's scanner also throws other exceptions, without the line.</summary>
    private static void Read(string text, Action<IParser> read)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            read(parser);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or OverflowException)
        {
            var where = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(where, where, "a list, a mapping or a quotation in or before this place is not closed", failure);
        }
    }

    private static void Check(IParser parser)
    {
        var sizes = new Dictionary<AnchorName, long>();
        var open = new Stack<(AnchorName Anchor, long Before)>();
        long nodes = 0, aliased = 0;
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case DocumentStart:
                    sizes.Clear();
                    (nodes, aliased) = (0, 0);
                    break;
                case AnchorAlias alias:
                    if (!sizes.TryGetValue(alias.Value, out long size))
                        throw Error(alias, $"*{alias.Value} does not refer to a complete node above it");
                    nodes += size;
                    if ((aliased += size) > MaxAliased)
                        throw Error(alias, $"aliases (*{alias.Value} and those before it) stand for more than {MaxAliased} values");
                    break;
                case Scalar scalar:
                    nodes++;
                    if (!scalar.Anchor.IsEmpty)
                        sizes[scalar.Anchor] = 1;
                    break;
                case NodeEvent start:
                    nodes++;
                    // An anchor must not be used until its node is complete, even if the name was defined before.
                    if (!start.Anchor.IsEmpty)
                        sizes.Remove(start.Anchor);
                    open.Push((start.Anchor, nodes - 1));
                    if (open.Count > MaxDepth)
                        throw Error(start, $"lists and mappings are nested more than {MaxDepth} deep");
                    break;
                case SequenceEnd or MappingEnd:
                    var (anchor, before) = open.Pop();
                    if (!anchor.IsEmpty)
                        sizes[anchor] = nodes - before;
                    break;
            }
        }
    }

    private static YamlException Error(ParsingEvent at, string what) => new(at.Start, at.End, what);
}
