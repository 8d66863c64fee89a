namespace Hypir.Protocol.Client;

/// <summary>How an engine ended that should not have.</summary>
/// <param name="ExitCode">Its exit code, or null where another program had started it.</param>
/// <param name="LastLines">The last lines of its error stream and its log, for a report.</param>
public sealed record EngineEnd(int? ExitCode, IReadOnlyList<string> LastLines)
{
    /// <summary>One sentence for people.</summary>
    public override string ToString() => ExitCode is int code
        ? $"The engine ended unexpectedly (exit code {code})."
        : "The engine ended unexpectedly.";
}
