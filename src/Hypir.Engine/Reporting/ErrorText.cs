namespace Hypir.Engine.Reporting;

/// <summary>Failures for people, on the error stream: what is wrong, and what to do; where in the program it happened only if asked for.</summary>
internal static class ErrorText
{
    /// <summary>Writes a failure.</summary>
    public static void Write(Exception failure, bool verbose)
    {
        var explanation = Explanation.Of(failure);
        if (failure is OperationCanceledException)
        {
            ErrorConsole.Cancelled(explanation.Message);
            return;
        }

        AppFolder.Errors.Remember(failure);
        ErrorConsole.Report(explanation.Message, explanation.Remedy);
        if (verbose)
            Console.Error.WriteLine(failure);
    }
}
