
using Hypir.Engine.Plugins;
using Hypir.Models.Download;
using Hypir.Networks.Libraries;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Memory;
using Hypir.Server.Gpu;

namespace Hypir.Engine;

/// <summary>The one place that says which exit code an exception has.</summary>
internal static class ExitCodes
{
    /// <summary>The exit code that a failure has.</summary>
    public static ExitCode Of(Exception failure) => failure switch
    {
        PlanException or GpuException => ExitCode.Usage,
        PluginException or DownloadException { Kind: DownloadErrorKind.DiskFull or DownloadErrorKind.CannotWrite } => ExitCode.CannotWrite,
        DownloadException => ExitCode.NoDownload,
        MemoryException => ExitCode.OutOfMemory,
        _ when GeneralExitCodes.Of(failure) is var code && code != ExitCode.Internal => code,
        // The chosen libtorch does not load, which TorchSharp hides in exceptions of other kinds.
        _ => NativeTorch.Failure is null ? ExitCode.Internal : ExitCode.BadFile,
    };
}
