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
