using System.Runtime.InteropServices;
using Hypir.Networks;
using Hypir.TrainTool.Config;
using Hypir.TrainTool.Degrading;

namespace Hypir.TrainTool.Commands;

/// <summary>The one place that says which exit code an exception has.</summary>
internal static class ExitCodes
{
    /// <summary>The exit code that a failure has.</summary>
    public static ExitCode Of(Exception failure) => failure switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        UsageException or ConfigException => ExitCode.Usage,
        OutputException => ExitCode.CannotWrite,
        OutOfMemoryException => ExitCode.OutOfMemory,
        // libtorch tells of exhausted memory only in its text.
        ExternalException when failure.Message.Contains("memory", StringComparison.OrdinalIgnoreCase) => ExitCode.OutOfMemory,
        HypirException => ExitCode.BadFile,
        _ => ExitCode.Internal,
    };
}
