using Spectre.Console;

namespace Hypir.Engine.Reporting;

/// <summary>Failures for people, on the error stream: what is wrong, and what to do; how the program came there only where that was asked for.</summary>
internal static class ErrorText
{
    /// <summary>Writes a failure.</summary>
    public static void Write(Exception failure, bool verbose)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        // Lines are not broken: a path must stay one that can be copied.
        console.Profile.Width = int.MaxValue;
        var explanation = Explanation.Of(failure);
        if (failure is OperationCanceledException)
        {
            console.MarkupLineInterpolated($"[yellow]{explanation.Message}[/]");
            return;
        }

        console.MarkupLineInterpolated($"[red]error:[/] {explanation.Message}");
        if (explanation.Remedy is { } remedy)
            console.MarkupLineInterpolated($"       [dim]{remedy}[/]");
        if (verbose)
            console.WriteLine(failure.ToString());
    }
}
