using System.Runtime.InteropServices;
using Hypir.Engine.Gpu;
using Hypir.Engine.Plugins;
using Hypir.Models.Download;
using Hypir.Networks;
using Hypir.Restoration.Planning;

namespace Hypir.Engine;

/// <summary>What the program's exit code says. docs/cli.md shows this table.</summary>
internal enum ExitCode
{
    /// <summary>Everything was done, or was there already and kept.</summary>
    Success = 0,

    /// <summary>Of several images, some failed; the others are done.</summary>
    SomeFailed = 1,

    /// <summary>The command line is wrong, or asks for what this model or machine cannot do.</summary>
    Usage = 2,

    /// <summary>An image or a model's file is missing, damaged, or of a kind that is not read.</summary>
    BadFile = 3,

    /// <summary>There was not enough memory, or by the plan there would not have been: then nothing was begun.</summary>
    OutOfMemory = 4,

    /// <summary>The result could not be written.</summary>
    CannotWrite = 5,

    /// <summary><c>serve</c> only: an engine of this name is running already.</summary>
    AlreadyRunning = 6,

    /// <summary>A model could not be downloaded.</summary>
    NoDownload = 7,

    /// <summary>The program itself is at fault.</summary>
    Internal = 70,

    /// <summary>Cancelled by Ctrl+C or a termination signal (128 + 2, as shells count).</summary>
    Cancelled = 130,
}

/// <summary>The one place that says which exit code an exception has.</summary>
internal static class ExitCodes
{
    /// <summary>The exit code that a failure has.</summary>
    public static ExitCode Of(Exception failure) => failure switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        UsageException or PlanException or GpuException => ExitCode.Usage,
        PluginException => ExitCode.CannotWrite,
        OutputException or DownloadException { Kind: DownloadErrorKind.DiskFull or DownloadErrorKind.CannotWrite } => ExitCode.CannotWrite,
        DownloadException => ExitCode.NoDownload,
        MemoryException or OutOfMemoryException or InsufficientMemoryException => ExitCode.OutOfMemory,
        // libtorch tells of exhausted memory only in its text.
        ExternalException when failure.Message.Contains("memory", StringComparison.OrdinalIgnoreCase) => ExitCode.OutOfMemory,
        // Pictures, checkpoints, models, and numbers that a model gives.
        HypirException => ExitCode.BadFile,
        _ when NativeTorch.Failure is not null => ExitCode.BadFile,
        _ => ExitCode.Internal,
    };
}
