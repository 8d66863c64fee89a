using System.Text.RegularExpressions;

namespace Hypir.PdnEffect.Tests.Signatures;

/// <summary>The recorded metadata of the real assemblies.</summary>
internal sealed partial class RecordedMetadata
{
    private readonly Dictionary<string, DeclaredType> _types = [];

    public RecordedMetadata(string file)
    {
        string assembly = "";
        List<string> members = [];
        bool isValue = false;
        foreach (string line in File.ReadLines(file))
        {
            if (Assembly().Match(line) is { Success: true } heading)
            {
                assembly = heading.Groups[1].Value;
                Assemblies.Add(assembly);
            }
            else if (Type().Match(line) is { Success: true } type)
            {
                members = [];
                isValue = type.Groups["base"].Value == "System.ValueType";
                string[] interfaces = type.Groups["interfaces"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries);
                _types.Add(
                    $"[{assembly}]{type.Groups["name"].Value}",
                    new(assembly, type.Groups["name"].Value, type.Groups["kind"].Value, type.Groups["base"].Value, interfaces, members));
            }
            else if (line.TrimStart() is ['M' or 'F', ' ', ..] member)
            {
                string bare = Attributes().Replace(member, "");
                members.Add(isValue ? Slots().Replace(bare, "") : bare);
            }
        }
    }

    /// <summary>The assemblies of which metadata was recorded.</summary>
    public HashSet<string> Assemblies { get; } = [];

    public DeclaredType? Find(string assembly, string name) => _types.GetValueOrDefault($"[{assembly}]{name}");

    [GeneratedRegex(@"^#{4,} (.*)\.dll$")]
    private static partial Regex Assembly();

    [GeneratedRegex(@"^Public\s+(?<kind>(?:interface |abstract |sealed )*)(?<name>\S+) : (?<base>.*?)\s+implements: (?<interfaces>.*)$")]
    private static partial Regex Type();

    [GeneratedRegex(@"  \[[^\]]*\]$")]
    private static partial Regex Attributes();

    [GeneratedRegex(@"(?<=^M [^(]*)(virtual|newslot|final) ")]
    private static partial Regex Slots();
}
