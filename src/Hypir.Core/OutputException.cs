namespace Hypir.Core;

/// <summary>A result could not be written where it was to go: it is no use to go on.</summary>
/// <inheritdoc/>
public sealed class OutputException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner)
{
    /// <summary>Writes something, and turns what the system refuses into an <see cref="OutputException"/>.</summary>
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
            throw new OutputException($"{target} cannot be written: {failure.Message}", "Check that its folder exists, may be written and has space.", failure);
        }
    }
}
