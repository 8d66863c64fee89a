using Hypir.Protocol.Messages;

namespace Hypir.Protocol.Client;

/// <summary>Finds an engine, or starts one.</summary>
internal static class EngineStarter
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>A program that ends so again and again is no engine.</summary>
    private const int MostIdleEnds = 5;

    public static async Task<EngineConnection> ConnectOrStartAsync(EngineLocation? location, EngineClientOptions options, CancellationToken cancellation)
    {
        if (await EngineConnection.TryOpenAsync(options, TimeSpan.Zero, cancellation).ConfigureAwait(false) is { } there)
            return there;
        if (location is null || !File.Exists(location.Executable))
        {
            throw new EngineException(EngineError.EngineMissing,
                location is null ? "No engine is running, and none is installed." : $"The engine {location.Executable} is not there.", new("Install Hypir."));
        }

        int idleEnds = 0;
        long start = TimeProvider.System.GetTimestamp();
        EngineProcess process = EngineProcess.Start(location, options.Pipe);
        while (true)
        {
            if (await EngineConnection.TryOpenAsync(options, Look, cancellation).ConfigureAwait(false) is { } connection)
                return Own(connection, process);
            if (TimeProvider.System.GetElapsedTime(start) > options.StartLimit)
                throw NotStarted($"The engine did not answer within {options.StartLimit.TotalSeconds:0} seconds.", process);
            if (!process.Exit.IsCompleted)
                continue;
            int code = await process.Exit.ConfigureAwait(false);
            // Ended as it should: on a busy machine one that may not be idle for long can end before it was found.
            bool idle = code == 0 && ++idleEnds <= MostIdleEnds;
            if (code != (int)ExitCode.AlreadyRunning && !idle)
                throw NotStarted($"The engine ended before it answered (exit code {code}).", process);
            // Another one holds the name: it is about to answer, or about to end, after which the name is free.
            process = EngineProcess.Start(location, options.Pipe);
        }
    }

    /// <summary>Another client may have been faster: then the process started here ends by itself, and another one has answered.</summary>
    private static EngineConnection Own(EngineConnection connection, EngineProcess process)
    {
        if (connection.Welcome.ProcessId == process.Id)
            connection.Process = process;
        return connection;
    }

    private static EngineException NotStarted(string message, EngineProcess process) =>
        new(EngineError.EngineDidNotStart, string.Join('\n', [message, .. process.Errors]), new("Run \"hypir serve\" in a terminal to see why."));
}
