using Hypir.Engine.Plugins;
using Hypir.Models.Download;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Memory;
using Hypir.Server.Gpu;

namespace Hypir.Engine;

/// <summary>Maps exceptions to exit codes, in one place.</summary>
internal static class ExitCodes
{
    /// <summary>The exit code for a failure.</summary>
    public static ExitCode Of(Exception failure) => failure switch
    {
        PlanException or GpuException => ExitCode.Usage,
        PluginException or DownloadException { Kind: DownloadErrorKind.DiskFull or DownloadErrorKind.CannotWrite } => ExitCode.CannotWrite,
        DownloadException => ExitCode.NoDownload,
        MemoryException => ExitCode.OutOfMemory,
        _ when GeneralExitCodes.Of(failure) is var code && code != ExitCode.Internal => code,
        // If the chosen libtorch does not load, TorchSharp throws various other exceptions.
        _ => NativeTorch.Failure is null ? ExitCode.Internal : ExitCode.BadFile,
    };
}
