using System.Text;

namespace Hypir.CommandLine;

/// <summary>The standard streams of a program, which may lead to a full disk or a closed terminal.</summary>
public static class StandardStreams
{
    /// <summary>
    /// Makes failures to write to the standard output throw <see cref="OutputException"/>. Failures to write to the error stream are
    /// ignored, as there is no way to report them.
    /// </summary>
    public static void Guard()
    {
        Console.SetOut(new GuardedWriter(Console.Out, failure =>
            throw new OutputException($"The standard output cannot be written: {failure.Message}", "Check where it is redirected to.",
                failure)));
        Console.SetError(new GuardedWriter(Console.Error, _ => { }));
    }
}

/// <summary>Forwards text and passes I/O failures to a handler.</summary>
/// <param name="inner">The destination.</param>
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
