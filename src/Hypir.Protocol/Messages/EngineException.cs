using Hypir.Protocol.Client;

namespace Hypir.Protocol.Messages;

/// <summary>A call of the engine failed: what is wrong, what to do, and what the engine last said.</summary>
/// <param name="error">What kind of failure it is.</param>
/// <param name="message">What is wrong.</param>
/// <param name="details">More, where the engine told it.</param>
/// <param name="inner">The cause, if another exception told of it.</param>
public sealed class EngineException(EngineError error, string message, ErrorDetails? details = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public EngineError Error { get; } = error;

    /// <summary>More, where the engine told it.</summary>
    public ErrorDetails Details { get; } = details ?? new();

    /// <summary>What to do next, as a sentence, or null.</summary>
    public string? Remedy => Details.Remedy;

    /// <summary>How engines ended during the call, the first one first; mostly none.</summary>
    public IReadOnlyList<EngineEnd> Ends { get; init; } = [];
}
