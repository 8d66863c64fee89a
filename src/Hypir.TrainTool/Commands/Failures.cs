using Hypir.Networks;
using Hypir.Networks.Libraries;
using Spectre.Console;

namespace Hypir.TrainTool.Commands;

/// <summary>Failures for people, on the error stream: what is wrong, and what to do.</summary>
internal static class Failures
{
    /// <summary>Runs a command, all of which compute with libtorch, and reports what it throws.</summary>
    /// <returns>The exit code.</returns>
    public static ExitCode Told(Func<ExitCode> action)
    {
        try
        {
            TorchProbe.Require();
            return action();
        }
        catch (Exception failure)
        {
            Write(failure);
            return ExitCodes.Of(failure);
        }
    }

    /// <summary>Writes a failure; how the program came there only where the program is at fault.</summary>
    public static void Write(Exception failure)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        // Lines are not broken: a path must stay one that can be copied.
        console.Profile.Width = int.MaxValue;
        bool own = failure is HypirException or OperationCanceledException || ExitCodes.Of(failure) != ExitCode.Internal;
        console.MarkupLineInterpolated($"[red]error:[/] {(own ? failure.Message : failure.ToString())}");
        if (failure is HypirException { Remedy: { } remedy })
            console.MarkupLineInterpolated($"       [dim]{remedy}[/]");
    }
}
