using System.Runtime.InteropServices;

namespace Hypir.Core;

/// <summary>
/// Exit codes of the programs. docs/cli.md shows this table; docs/degradation.md lists the codes that <c>hypir-train</c> uses.
/// </summary>
public enum ExitCode
{
    /// <summary>Everything was done, or was already there and kept.</summary>
    Success = 0,

    /// <summary>Some of several images failed; the others are done.</summary>
    SomeFailed = 1,

    /// <summary>The command line or a configuration is wrong, or asks for something that this model or machine cannot do.</summary>
    Usage = 2,

    /// <summary>
    /// An image, list, recipe or model file is missing, damaged or of an unsupported kind; or libtorch does not load.
    /// </summary>
    BadFile = 3,

    /// <summary>Memory ran out, or the plan showed that it would; in that case nothing was started.</summary>
    OutOfMemory = 4,

    /// <summary>The result could not be written.</summary>
    CannotWrite = 5,

    /// <c>hypir serve</c> only: an engine of this name is already running.
    AlreadyRunning = 6,

    /// <summary><c>hypir</c> only: a model could not be downloaded.</summary>
    NoDownload = 7,

    /// <summary>A bug in the program.</summary>
    Internal = 70,

    /// <summary>Cancelled by Ctrl+C or a termination signal (128 + 2, as shells count).</summary>
    Cancelled = 130,
}

/// <summary>
/// Maps exceptions to exit codes for every program. Each program first consults a table of its own for exceptions that only it knows.
/// </summary>
public static class GeneralExitCodes
{
    /// <summary>The exit code of a failure.</summary>
    /// <param name="failure">The exception that ended the program.</param>
    public static ExitCode Of(Exception failure) => failure switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        UsageException => ExitCode.Usage,
        OutputException => ExitCode.CannotWrite,
        OutOfMemoryException => ExitCode.OutOfMemory,
        // libtorch reports exhausted memory only in the message text.
        ExternalException when failure.Message.Contains("memory", StringComparison.OrdinalIgnoreCase) => ExitCode.OutOfMemory,
        // Images, lists, checkpoints, models, and invalid numbers produced by a model.
        HypirException => ExitCode.BadFile,
        _ => ExitCode.Internal,
    };
}
