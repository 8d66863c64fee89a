using System.Runtime.InteropServices;
using System.Text.Json;
using Hypir.Models;
using Hypir.Models.Download;
using Hypir.Networks.Checkpoints;
using Hypir.Planning;
using Hypir.Protocol.Messages;
using Hypir.Restoration.Pipeline;
using Hypir.Server.Gpu;

namespace Hypir.Server;

/// <summary>Maps exceptions to protocol errors, in one place.</summary>
internal static class EngineErrors
{
    /// <summary>The remedy for the engine's internal failures: each one is logged.</summary>
    public const string LogSaysMore = "See its log for details.";

    /// <summary>The protocol error for an exception.</summary>
    public static EngineException Of(Exception failure) =>
        failure switch
        {
            EngineException known => known,
            OperationCanceledException => new(EngineError.Cancelled, "The job was cancelled."),
            PlanException plan => new(EngineError.BadRequest, plan.Message, new(plan.Remedy, plan.Option), failure),
            GpuException gpu => new(EngineError.GpuUnsuitable, gpu.Message, new(gpu.Remedy), failure),
            DownloadException { Kind: DownloadErrorKind.DiskFull or DownloadErrorKind.CannotWrite } full => new(
                EngineError.CannotWrite, full.Message, new(full.Remedy), failure),
            DownloadException download => new(
                EngineError.DownloadFailed, download.Message,
                new(download.Remedy, Cause: JsonNamingPolicy.CamelCase.ConvertName(download.Kind.ToString())), failure),
            StoreException or ModelException or CheckpointException or RestoreException => new(
                EngineError.BadModel, failure.Message, new(((HypirException)failure).Remedy), failure),
            _ when IsOutOfMemory(failure) => new(
                EngineError.OutOfMemory, "Not enough memory.",
                new("Choose a smaller image or smaller tiles, or close other programs."), failure),
            HypirException other => new(EngineError.Internal, other.Message, new(other.Remedy), failure),
            _ => new(EngineError.Internal, $"The engine failed: {failure.Message}", new(LogSaysMore), failure),
        };

    /// <summary>Whether memory ran out. libtorch reports this only in the message text.</summary>
    public static bool IsOutOfMemory(Exception failure) =>
        failure is OutOfMemoryException or InsufficientMemoryException
        || (
            failure is ExternalException
            && (failure.Says("out of memory") || failure.Says("can't allocate memory") || failure.Says("not enough memory"))
        );

    /// <summary>
    /// Whether it was GPU memory that ran out, given that <see cref="IsOutOfMemory"/> is true: host allocators do not mention CUDA.
    /// </summary>
    public static bool IsOutOfGpuMemory(Exception failure) => failure.Says("CUDA");

    private static bool Says(this Exception failure, string words) => failure.Message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
