namespace Hypir.Core;

/// <summary>
/// Something a person can act on: a damaged file, a model that lacks a part, an option that does not fit. Its message says what is wrong and
/// where; <see cref="Remedy"/> says what to do next. Programming errors are never of this type.
/// </summary>
/// <param name="message">What is wrong, and in which file or option.</param>
/// <param name="remedy">What to do next, as a sentence; null where the message already says it.</param>
/// <param name="inner">The cause, if another exception told of it.</param>
public abstract class HypirException(string message, string? remedy = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do next, as a sentence, or null.</summary>
    public string? Remedy { get; } = remedy;
}
