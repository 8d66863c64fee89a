using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.Protocol.Client;

/// <summary>
/// A client of the engine. It connects on first use, and starts an engine if none answers or if one has ended. Its methods are thread-safe
/// and may run concurrently.
/// </summary>
/// <param name="location">How to start an engine; null to use only a running one.</param>
/// <param name="options">The client's settings; null for the defaults.</param>
public sealed partial class EngineClient(EngineLocation? location, EngineClientOptions? options = null) : IDisposable
{
    private const int MostRestarts = 12;

    private static readonly TimeSpan HealthPeriod = TimeSpan.FromSeconds(1);

    private readonly EngineClientOptions _options = options ?? new();
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly SpareFile _spare = new();
    private EngineConnection? _connection;
    private volatile bool _disposed;

    /// <summary>Connects, and starts an engine if none answers.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The engine's identity.</returns>
    /// <exception cref="EngineException">No engine is installed, it does not start, or it is incompatible.</exception>
    public async Task<Welcome> ConnectAsync(CancellationToken cancellation = default) =>
        (await OpenAsync(cancellation).ConfigureAwait(false)).Welcome;

    /// <summary>The engine's status.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="EngineException">The engine refused, or there is no engine.</exception>
    public Task<EngineStatus> GetStatusAsync(CancellationToken cancellation = default) =>
        AskAsync(engine => engine.GetStatusAsync(cancellation), cancellation);

    /// <summary>Estimates the cost of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="EngineException">The engine refused, or there is no engine.</exception>
    public Task<PlanAnswer> PlanAsync(RestoreRequest request, CancellationToken cancellation = default) =>
        AskAsync(engine => engine.PlanAsync(request, cancellation), cancellation);

    /// <summary>
    /// Restores an image. A crashed engine is restarted once and given the job again; one that needs a new process to regain memory is
    /// replaced. The caller sees a single job.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="pixels">Provides the input's rows on a pool thread; starts again from the top if the job is sent again.</param>
    /// <param name="progress">Receives progress reports; null for none.</param>
    /// <param name="cancellation">Cancels the job; the call then ends within about two seconds, even if the engine hangs.</param>
    /// <returns>The result; dispose it after reading.</returns>
    /// <exception cref="EngineException">The job failed; <see cref="EngineException.Ends"/> lists crashes.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public Task<RestoredPixels> RestoreAsync(
        RestoreRequest request, RowReader pixels, IProgress<JobProgress>? progress = null, CancellationToken cancellation = default) =>
        RestoreAsync(request, pixels, null, progress, cancellation);

    /// <summary>Restores an image where a mask is not 0.</summary>
    /// <inheritdoc cref="RestoreAsync(RestoreRequest, RowReader, IProgress{JobProgress}?, CancellationToken)"/>
    /// <param name="request">The request; it has an area if there is a mask.</param>
    /// <param name="pixels">Provides the input's rows on a pool thread; starts again from the top if the job is sent again.</param>
    /// <param name="mask">Provides the rows of the area's mask, one byte per pixel, in the same way; null for none.</param>
    /// <param name="progress">Receives progress reports; null for none.</param>
    /// <param name="cancellation">Cancels the job; the call then ends within about two seconds, even if the engine hangs.</param>
    public async Task<RestoredPixels> RestoreAsync(
        RestoreRequest request, RowReader pixels, RowReader? mask, IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        List<EngineEnd> ends = [];
        for (int attempt = 1; ; attempt++)
        {
            EngineConnection connection = await OpenAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await SendAsync(connection, request, pixels, mask, progress, ends, cancellation).ConfigureAwait(false);
            }
            catch (EngineException told)
                when (told.Error is EngineError.RestartNeeded or EngineError.ShuttingDown && attempt < MostRestarts)
            {
                request = told.Details.Request ?? request;
                await LeaveAsync(connection, cancellation).ConfigureAwait(false);
            }
            catch (Exception failure) when (EngineRpc.IsLoss(failure))
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                EngineEnd end = await LeaveAsync(connection, cancellation).ConfigureAwait(false);
                if (end.ExitCode == 0 && attempt < MostRestarts)
                    continue; // It was idle and ended at that moment.
                ends.Add(end);
                if (ends.Count > 1)
                    throw Crashed(ends, failure);
                progress?.Report(new JobProgress("", JobState.Queued, Note: $"{end} It is started again."));
            }
        }
    }

    /// <summary>Asks a running engine to shut down; it may serve other clients, whose jobs end too.</summary>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task ShutdownAsync(CancellationToken cancellation = default)
    {
        EngineConnection? connection = _connection is { IsAlive: true } open
            ? open
            : await EngineConnection.TryOpenAsync(_options, TimeSpan.Zero, cancellation).ConfigureAwait(false);
        if (connection is null)
            return;
        try
        {
            await connection.Engine.ShutdownAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (EngineRpc.IsLoss(failure))
        {
            // It ended before it could answer.
        }
        await LeaveAsync(connection, cancellation).ConfigureAwait(false);
    }

    /// <summary>Kills an engine that hangs. Its jobs are sent to a new one, once.</summary>
    public void EndEngine() => _connection?.Kill();

    /// <summary>Disconnects from the engine, which cancels this client's jobs. The engine keeps running and ends when idle.</summary>
    public void Dispose()
    {
        _disposed = true;
        _connection?.Dispose();
        _connecting.Dispose();
        _spare.Dispose();
    }

    private async Task<T> AskAsync<T>(Func<IEngine, Task<T>> ask, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            EngineConnection connection = await OpenAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await ask(connection.Engine).WaitAsync(_options.SilenceLimit, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException failure)
            {
                throw new EngineException(
                    EngineError.EngineUnresponsive, "The engine does not answer.", new("End it and try again."), failure);
            }
            catch (Exception failure) when (EngineRpc.Translate(failure) is { } known)
            {
                throw known;
            }
            catch (Exception failure) when (EngineRpc.IsLoss(failure))
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                EngineEnd end = await LeaveAsync(connection, cancellation).ConfigureAwait(false);
                if (attempt > 1)
                    throw Crashed([end], failure);
            }
        }
    }

    private async Task<RestoredPixels> SendAsync(
        EngineConnection connection, RestoreRequest request, RowReader pixels, RowReader? mask, IProgress<JobProgress>? progress,
        List<EngineEnd> ends, CancellationToken cancellation)
    {
        string folder = connection.Welcome.PixelFolder,
            jobId = Guid.NewGuid().ToString("N");
        var header = new PixelHeader(request.Layout, request.Width, request.Height);
        bool keeps = SpareFile.IsWorth(header);
        string? spare = keeps ? _spare.Take(folder) : null;
        string path = spare ?? Path.Combine(folder, PixelFile.NewName(Environment.ProcessId)),
            input = Path.GetFileName(path);
        string? result = null, maskPath = mask is null ? null : Path.Combine(folder, PixelFile.NewName(Environment.ProcessId));
        // A job that is sent again has not ended from the user's point of view.
        JobState? end = null;
        connection.Events.Listen(jobId, progress);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await WriteAsync(path, spare is not null, header, pixels, cancellation).ConfigureAwait(false);
            if (mask is not null && request.Area is { } area)
                await WriteAsync(maskPath!, false, new(PixelLayout.Gray8, area.Width, area.Height), mask, cancellation)
                    .ConfigureAwait(false);
            RestoreRequest sent = request with { InPlace = keeps, Mask = Path.GetFileName(maskPath) };
            Task<JobResult> answer = connection.Engine.RestoreAsync(jobId, input, sent, cancellation);
            _ = WatchAsync(connection, watching.Token);
            await Task.WhenAny(answer, GiveUpAsync(cancellation, watching.Token)).ConfigureAwait(false);
            // A responsive engine reports the cancellation itself.
            if (cancellation.IsCancellationRequested && !answer.IsFaulted)
            {
                _ = DiscardAsync(answer, folder);
                cancellation.ThrowIfCancellationRequested();
            }
            JobResult done = await answer.ConfigureAwait(false);
            end = JobState.Done;
            result = PixelFile.IsName(done.Pixels)
                ? Path.Combine(folder, done.Pixels)
                : throw new EngineException(EngineError.Internal, "The engine returned an invalid file name for the result.");
            string? map = done.Map is { } name && PixelFile.IsName(name) ? Path.Combine(folder, name) : null;
            return new(done, result, map, ends, result == path ? _spare.Keep : PixelFile.Delete);
        }
        catch (Exception failure) when (EngineRpc.Translate(failure) is { Error: EngineError.Cancelled })
        {
            end = JobState.Cancelled;
            throw new OperationCanceledException("The job was cancelled.", failure, cancellation);
        }
        catch (Exception failure) when (EngineRpc.Translate(failure) is { } known && known != failure)
        {
            end = known.Error is EngineError.RestartNeeded or EngineError.ShuttingDown ? null : JobState.Failed;
            throw new EngineException(known.Error, known.Message, known.Details, failure) { Ends = ends };
        }
        finally
        {
            await watching.CancelAsync().ConfigureAwait(false);
            connection.Events.End(jobId, end ?? (cancellation.IsCancellationRequested ? JobState.Cancelled : null));
            if (result != path)
                PixelFile.Delete(path);
            if (maskPath is not null)
                PixelFile.Delete(maskPath);
        }
    }

    /// <summary>Deletes a result that arrived despite cancellation.</summary>
    private static async Task DiscardAsync(Task<JobResult> answer, string folder)
    {
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answer.IsCompletedSuccessfully && PixelFile.IsName(answer.Result.Pixels))
            PixelFile.Delete(Path.Combine(folder, answer.Result.Pixels));
        if (answer.IsCompletedSuccessfully && answer.Result.Map is { } map && PixelFile.IsName(map))
            PixelFile.Delete(Path.Combine(folder, map));
    }

    private static Task WriteAsync(string path, bool replace, PixelHeader header, RowReader pixels, CancellationToken cancellation) =>
        Task.Run(
            () =>
            {
                try
                {
                    if (replace)
                        PixelFile.Replace(path, header, pixels, cancellation);
                    else
                        PixelFile.Write(path, header, pixels, cancellation);
                }
                catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
                {
                    throw new EngineException(
                        EngineError.CannotWrite, $"The pixels cannot be handed to the engine: {failure.Message}",
                        new($"Make room on the disk of {Path.GetDirectoryName(path)}."), failure);
                }
            },
            cancellation
        );

    /// <summary>Completes a while after cancellation was requested: a hanging engine must not keep the user waiting.</summary>
    private async Task GiveUpAsync(CancellationToken cancellation, CancellationToken over)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(() => asked.TrySetResult()).ConfigureAwait(false);
        await using var end = over.Register(() => asked.TrySetResult()).ConfigureAwait(false);
        await asked.Task.ConfigureAwait(false);
        await Task.Delay(_options.CancelPatience, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task WatchAsync(EngineConnection connection, CancellationToken cancellation)
    {
        if (_options.Health is not { } told)
            return;
        EngineHealth last = EngineHealth.Well;
        using var timer = new PeriodicTimer(HealthPeriod);
        while (!cancellation.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            EngineHealth now = connection.Events.Health(_options.SilenceLimit);
            if (now != last && connection.IsAlive && !cancellation.IsCancellationRequested)
                told.Report(last = now);
        }
    }

    private async Task<EngineConnection> OpenAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _connecting.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_connection is { IsAlive: true } alive)
                return alive;
            _connection?.Dispose();
            _connection = null;
            return _connection = await EngineStarter.ConnectOrStartAsync(location, _options, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>
    /// Waits for the end of a lost engine and abandons its connection: a call may notice the loss before the connection does, and another
    /// call would mistake it for a second engine that crashed.
    /// </summary>
    private async Task<EngineEnd> LeaveAsync(EngineConnection connection, CancellationToken cancellation)
    {
        await _connecting.WaitAsync(cancellation).ConfigureAwait(false);
        if (_connection == connection)
            _connection = null;
        _connecting.Release();
        EngineEnd end = await connection.EndAsync(cancellation).ConfigureAwait(false);
        connection.Dispose();
        return end;
    }

    private static EngineException Crashed(List<EngineEnd> ends, Exception failure) =>
        new(
            EngineError.EngineCrashed, ends.Count > 1 ? $"{ends[^1]} It happened again after a new start." : ends[^1].ToString(),
            new("Try a smaller image, or the CPU as device. If it happens again, report it with the diagnostics."), failure)
        {
            Ends = ends,
        };
}
