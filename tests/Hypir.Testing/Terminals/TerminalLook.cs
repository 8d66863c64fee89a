namespace Hypir.Testing.Terminals;

/// <summary>A kind of terminal.</summary>
/// <param name="Columns">Its width.</param>
/// <param name="Rows">Its height.</param>
/// <param name="Term">Its name, as the variable TERM tells it.</param>
public sealed record TerminalLook(int Columns = 80, int Rows = 24, string Term = "xterm-256color")
{
    /// <summary>More variables of the environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The usual one.</summary>
    public static TerminalLook Usual { get; } = new();

    /// <summary>A small one.</summary>
    public static TerminalLook Small { get; } = new(40, 10);

    /// <summary>One whose user wants no colors.</summary>
    public static TerminalLook Colorless { get; } = new() { Environment = new Dictionary<string, string> { ["NO_COLOR"] = "1" } };

    /// <summary>One that cannot move its cursor.</summary>
    public static TerminalLook Dumb { get; } = new(Term: "dumb");

    /// <inheritdoc/>
    public override string ToString() => $"{Term} {Columns}x{Rows}{string.Concat(Environment.Keys.Select(key => " " + key))}";
}
