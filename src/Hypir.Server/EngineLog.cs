using System.Globalization;
using Hypir.Planning;
using Hypir.Protocol.Messages;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Extensions.Logging;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace Hypir.Server;

/// <summary>
/// The engine's log: one file of bounded size per process. Every message is defined here: names and sizes, but no pixels and, by default,
/// no prompts.
/// </summary>
internal static partial class EngineLog
{
    private const long LargestBytes = 4 << 20;

    /// <summary>Opens the log. Lines are flushed immediately so that they survive a crash.</summary>
    public static ILoggerFactory Open(string path) => new SerilogLoggerFactory(
        new LoggerConfiguration().WriteTo.File(path, formatProvider: CultureInfo.InvariantCulture,
            outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {Message:lj}{NewLine}{Exception}",
            fileSizeLimitBytes: LargestBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: 2).CreateLogger(),
        dispose: true);

    [LoggerMessage(LogLevel.Information, "Engine {Version}, process {Process}, pipe {Pipe}, device {Device}; {Stale} stale files deleted")]
    public static partial void Begins(this ILogger log, string version, int process, string pipe, string device, int stale);

    [LoggerMessage(LogLevel.Information, "Ending: {Reason}")]
    public static partial void Ends(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "{Client} connected")]
    public static partial void Connected(this ILogger log, string client);

    [LoggerMessage(LogLevel.Information, "{Client}: the connection broke: {Failure}")]
    public static partial void Broke(this ILogger log, string? client, string failure);

    [LoggerMessage(LogLevel.Warning, "A connection was refused: {Failure}")]
    public static partial void Refused(this ILogger log, string failure);

    [LoggerMessage(LogLevel.Information, "Loading {Model} {Lora} for {Device}, {Precision}")]
    public static partial void Loads(this ILogger log, string model, string? lora, string device, ComputePrecision precision);

    [LoggerMessage(LogLevel.Information, "{Model} switches to the LoRA {Lora}")]
    public static partial void SwitchesLora(this ILogger log, string model, string? lora);

    [LoggerMessage(LogLevel.Information, "{Model} is unloaded: {Reason}")]
    public static partial void Drops(this ILogger log, string model, string reason);

    [LoggerMessage(LogLevel.Information, "Job {Job}: {Width}x{Height}, {Model}")]
    public static partial void JobBegins(this ILogger log, string job, int width, int height, string model);

    [LoggerMessage(LogLevel.Information, "Job {Job}: prompt: {Prompt}")]
    public static partial void Prompt(this ILogger log, string job, string prompt);

    [LoggerMessage(LogLevel.Information, "Job {Job}: done in {Compute:f3} s, pixels {Pixels:f3} s")]
    public static partial void JobDone(this ILogger log, string job, double compute, double pixels);

    [LoggerMessage(LogLevel.Information, "Job {Job}: {Error}: {Message}")]
    public static partial void JobEnded(this ILogger log, string job, EngineError error, string message);

    [LoggerMessage(LogLevel.Error, "Job {Job}: failed")]
    public static partial void JobFailed(this ILogger log, Exception failure, string job);

    [LoggerMessage(LogLevel.Error, "The call {Method} failed")]
    public static partial void CallFailed(this ILogger log, Exception failure, string? method);

    [LoggerMessage(LogLevel.Error, "The compute thread failed outside a job")]
    public static partial void ThreadFailed(this ILogger log, Exception failure);

    [LoggerMessage(LogLevel.Error, "A connection failed")]
    public static partial void ConnectionFailed(this ILogger log, Exception failure);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: tiles of {Tile}, {Precision} on {Device} needs {Need} of {Free} bytes: {Next} {Failure}")]
    public static partial void StepsDown(
        this ILogger log, string job, PixelSize tile, ComputePrecision precision, string device, long need, long free, string? next,
        string? failure);

    [LoggerMessage(LogLevel.Information, "{Client} reports that the license {License} was accepted")]
    public static partial void AcceptsLicence(this ILogger log, string? client, string license);

    [LoggerMessage(LogLevel.Information, "The model {Model} is installed")]
    public static partial void HasModel(this ILogger log, string model);

    [LoggerMessage(LogLevel.Information, "{Backend} is installed and will be used by engines started from now on")]
    public static partial void HasBackend(this ILogger log, string backend);

    [LoggerMessage(LogLevel.Critical, "libtorch does not load")]
    public static partial void TorchMissing(this ILogger log, Exception failure);
}
