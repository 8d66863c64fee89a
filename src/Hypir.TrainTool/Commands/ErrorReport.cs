using Hypir.Networks.Libraries;
using Hypir.Training.Config;

namespace Hypir.TrainTool.Commands;

/// <summary>Failures for people, on the error stream: what is wrong, and what to do.</summary>
internal static class ErrorReport
{
    /// <summary>Runs a command, all of which compute with libtorch, and reports what it throws.</summary>
    /// <returns>The exit code.</returns>
    public static ExitCode RunReportingErrors(Func<ExitCode> action)
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

    /// <summary>Writes a failure; how the program came there only if the program is at fault.</summary>
    public static void Write(Exception failure)
    {
        bool known = failure is HypirException || ExitCodes.Of(failure) != ExitCode.Internal;
        if (failure is OperationCanceledException)
            ErrorConsole.Cancelled();
        else
            ErrorConsole.Report(known ? failure.Message : failure.ToString(), (failure as HypirException)?.Remedy);
    }
}

/// <summary>The one place that says which exit code an exception has.</summary>
internal static class ExitCodes
{
    /// <summary>The exit code that a failure has.</summary>
    public static ExitCode Of(Exception failure) => failure is ConfigException ? ExitCode.Usage : GeneralExitCodes.Of(failure);
}
