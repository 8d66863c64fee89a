namespace Hypir.Core;

/// <summary>
/// An error that a person can act on: a damaged file, a model that lacks a part, an option that does not fit. The message says what is
/// wrong and where; <see cref="Remedy"/> says what to do next. Programming errors never have this type.
/// </summary>
/// <param name="message">What is wrong, and in which file or option.</param>
/// <param name="remedy">What to do next, as a sentence; null where the message already says it.</param>
/// <param name="inner">The underlying exception, if any.</param>
public abstract class HypirException(string message, string? remedy = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do next, as a sentence, or null.</summary>
    public string? Remedy { get; } = remedy;
}

/// <summary>The command line asks for something that makes no sense.</summary>
/// <inheritdoc/>
public sealed class UsageException(string message, string? remedy = null) : HypirException(message, remedy);

/// <summary>A result could not be written to its target, so there is no point in continuing.</summary>
/// <inheritdoc/>
public sealed class OutputException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner)
{
    /// <summary>Writes something and converts I/O errors into an <see cref="OutputException"/>.</summary>
    /// <param name="target">The file or folder, for the message.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="OutputException">It could not be written.</exception>
    public static void Guard(string target, Action write)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(
                $"{target} cannot be written: {failure.Message}", "Check that its folder exists, is writable and has free space.", failure);
        }
    }
}
