using Hypir.Networks.Libraries;
using Hypir.Training.Config;

namespace Hypir.TrainTool.Commands;

/// <summary>Prints failures on the error stream: the problem and the remedy.</summary>
internal static class ErrorReport
{
    /// <summary>Runs a command and reports its exceptions. All commands use libtorch.</summary>
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

    /// <summary>Prints a failure, with a stack trace only for internal errors.</summary>
    public static void Write(Exception failure)
    {
        bool known = failure is HypirException || ExitCodes.Of(failure) != ExitCode.Internal;
        if (failure is OperationCanceledException)
            ErrorConsole.Cancelled();
        else
            ErrorConsole.Report(known ? failure.Message : failure.ToString(), (failure as HypirException)?.Remedy);
    }
}

/// <summary>Maps exceptions to exit codes, in one place.</summary>
internal static class ExitCodes
{
    /// <summary>The exit code for a failure.</summary>
    public static ExitCode Of(Exception failure) => failure is ConfigException ? ExitCode.Usage : GeneralExitCodes.Of(failure);
}
