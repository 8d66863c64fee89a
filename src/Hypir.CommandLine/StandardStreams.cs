using System.Text;

namespace Hypir.CommandLine;

/// <summary>The standard streams of a program, which may be a full disk or a terminal that has gone.</summary>
public static class StandardStreams
{
    /// <summary>
    /// From here on, what cannot be written to the standard output is an <see cref="OutputException"/>. What cannot be written to the error
    /// stream is lost: nobody could be told.
    /// </summary>
    public static void Guard()
    {
        Console.SetOut(new GuardedWriter(Console.Out, failure =>
            throw new OutputException($"The standard output cannot be written: {failure.Message}", "Check where it is redirected to.",
                failure)));
        Console.SetError(new GuardedWriter(Console.Error, _ => { }));
    }
}

/// <summary>Passes text on, and hands what the system refuses to somebody who knows what it means.</summary>
/// <param name="inner">Where the text goes.</param>
/// <param name="failed">Receives the failure.</param>
internal sealed class GuardedWriter(TextWriter inner, Action<Exception> failed) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            failed(failure);
        }
    }
}
