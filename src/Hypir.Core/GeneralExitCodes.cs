using System.Runtime.InteropServices;

namespace Hypir.Core;

/// <summary>Says which exit code an exception has in every program. Each has a table of its own before it, with the exceptions that only it knows.</summary>
public static class GeneralExitCodes
{
    /// <summary>The exit code that a failure has.</summary>
    /// <param name="failure">What ended the program.</param>
    public static ExitCode Of(Exception failure) => failure switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        UsageException => ExitCode.Usage,
        OutputException => ExitCode.CannotWrite,
        OutOfMemoryException => ExitCode.OutOfMemory,
        // libtorch tells of exhausted memory only in its text.
        ExternalException when failure.Message.Contains("memory", StringComparison.OrdinalIgnoreCase) => ExitCode.OutOfMemory,
        // Pictures, lists, checkpoints, models, and numbers that a model gives.
        HypirException => ExitCode.BadFile,
        _ => ExitCode.Internal,
    };
}
