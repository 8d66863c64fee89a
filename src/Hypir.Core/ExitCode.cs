using System.Runtime.InteropServices;

namespace Hypir.Core;

/// <summary>
/// What the exit code of a program says. docs/cli.md shows this table, docs/degradation.md what of it <c>hypir-train</c> uses.
/// </summary>
public enum ExitCode
{
    /// <summary>Everything was done, or was there already and kept.</summary>
    Success = 0,

    /// <summary>Of several images, some failed; the others are done.</summary>
    SomeFailed = 1,

    /// <summary>The command line or a configuration is wrong, or asks for what this model or machine cannot do.</summary>
    Usage = 2,

    /// <summary>
    /// An image, a list, a recipe or a model's file is missing, damaged, or of a kind that is not read; or libtorch does not load.
    /// </summary>
    BadFile = 3,

    /// <summary>There was not enough memory, or by the plan there would not have been: then nothing was begun.</summary>
    OutOfMemory = 4,

    /// <summary>The result could not be written.</summary>
    CannotWrite = 5,

    /// <summary><c>hypir serve</c> only: an engine of this name is running already.</summary>
    AlreadyRunning = 6,

    /// <summary><c>hypir</c> only: a model could not be downloaded.</summary>
    NoDownload = 7,

    /// <summary>The program itself is at fault.</summary>
    Internal = 70,

    /// <summary>Cancelled by Ctrl+C or a termination signal (128 + 2, as shells count).</summary>
    Cancelled = 130,
}

/// <summary>
/// Says which exit code an exception has in every program. Each has a table of its own before it, with the exceptions that only it knows.
/// </summary>
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
        // Images, lists, checkpoints, models, and numbers that a model gives.
        HypirException => ExitCode.BadFile,
        _ => ExitCode.Internal,
    };
}
