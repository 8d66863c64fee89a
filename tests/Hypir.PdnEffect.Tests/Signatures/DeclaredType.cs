namespace Hypir.PdnEffect.Tests.Signatures;

/// <summary>A type and its members, as text.</summary>
internal sealed record DeclaredType(
    string Assembly, string Name, string Kind, string Base, IReadOnlyList<string> Interfaces, IReadOnlyList<string> Members);
