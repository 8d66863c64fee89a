namespace Hypir.Protocol;

/// <summary>Finds an engine, or starts one.</summary>
internal static class EngineStarter
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static async Task<EngineConnection> ConnectOrStartAsync(EngineLocation? location, EngineClientOptions options, CancellationToken cancellation)
    {
        if (await EngineConnection.TryOpenAsync(options, TimeSpan.Zero, cancellation).ConfigureAwait(false) is { } there)
            return there;
        if (location is null || !File.Exists(location.Executable))
        {
            throw new EngineException(EngineError.EngineMissing,
                location is null ? "No engine is running, and none is installed." : $"The engine {location.Executable} is not there.", new("Install Hypir."));
        }

        EngineProcess process = EngineProcess.Start(location, options.Pipe);
        try
        {
            EngineConnection connection = await WaitAsync(process, options, cancellation).ConfigureAwait(false);
            // Another client may have been faster: then the one started here has ended, and another one answers.
            if (connection.Welcome.ProcessId == process.Id)
                connection.Process = process;
            else
                process.Dispose();
            return connection;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private static async Task<EngineConnection> WaitAsync(EngineProcess process, EngineClientOptions options, CancellationToken cancellation)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < options.StartLimit)
        {
            if (await EngineConnection.TryOpenAsync(options, Look, cancellation).ConfigureAwait(false) is { } connection)
                return connection;
            if (process.HasExited && process.ExitCode != EngineProcess.AlreadyRunning)
                throw NotStarted($"The engine ended before it answered (exit code {process.ExitCode}).", process);
        }
        throw NotStarted($"The engine did not answer within {options.StartLimit.TotalSeconds:0} seconds.", process);
    }

    private static EngineException NotStarted(string message, EngineProcess process) =>
        new(EngineError.EngineDidNotStart, string.Join('\n', [message, .. process.Errors]), new("Run \"hypir serve\" in a terminal to see why."));
}
