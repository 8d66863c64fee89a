namespace Hypir.Training.Config;

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Key">The key with all above it, joined by dots; "" for the file as a whole.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Allowed">What would be right; null where that is said already.</param>
public sealed record ConfigProblem(long Line, string Key, string What, string? Allowed = null)
{
    /// <summary>As people read it.</summary>
    public override string ToString() => $"line {Line}: {(Key.Length > 0 ? Key + " " : "")}{What}{(Allowed is null ? "." : $"; allowed: {Allowed}.")}";
}
