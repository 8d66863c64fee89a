using System.Text.Json;

namespace Hypir.PdnEffect.Tests.Signatures;

/// <summary>Paint.NET's published reference, for the assemblies of which no metadata was recorded.</summary>
internal sealed class RecordedReference(string file)
{
    private readonly Dictionary<string, Entry> _types = JsonSerializer.Deserialize<Dictionary<string, Entry>>(
        File.ReadAllText(file), JsonSerializerOptions.Web)!;

    /// <summary>The members of a type as callers know them, or null where the reference has no such type in the assembly.</summary>
    public HashSet<string>? Find(string assembly, string name) =>
        _types.TryGetValue(name.Replace('`', '-'), out Entry? type) && type.Assembly == $"{assembly}.dll"
            ? [.. type.Members.SelectMany(Call.OfReference)]
            : null;

    /// <summary>How a type is declared.</summary>
    public string Declaration(string name) => _types[name.Replace('`', '-')].Declaration;

    private sealed record Entry(string Assembly, string Declaration, IReadOnlyList<string> Members);
}
