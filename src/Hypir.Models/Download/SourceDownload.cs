using System.Net.Sockets;
using Polly;
using Polly.Retry;

namespace Hypir.Models.Download;

/// <summary>Completes a part from one source, with retries.</summary>
internal sealed class SourceDownload(
    HttpClient client,
    Uri source,
    DownloadRequest request,
    PartFile part,
    DownloadSettings settings,
    DownloadWatch watch,
    TimeProvider time
)
{
    /// <summary>Less progress than this does not reset the count of tries.</summary>
    private const int LeastProgress = 1 << 14;

    private const int BufferBytes = 1 << 17;

    // The source cannot continue a part, or its bytes do not fit those already here.
    private bool _fromStart;
    private bool _continued;

    private string Place => ForeignContent.Place(source);

    /// <summary>Downloads the missing bytes until the part is the whole file.</summary>
    /// <exception cref="DownloadException">This source cannot provide the file.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested; the part is kept.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        watch.Source = Place;
        while (true)
        {
            long before = part.Furthest;
            try
            {
                await Retries(before)
                    .ExecuteAsync(async token => await FetchAsync(token).ConfigureAwait(false), cancellation)
                    .ConfigureAwait(false);
            }
            catch (DownloadException failure) when (failure.IsPassing && HasMoved(before))
            {
                continue;
            }

            if (IsRight())
                return;
            part.Clear();
            if (!_continued)
                throw new DownloadException(
                    DownloadErrorKind.WrongHash, $"{Place} provides a different file: its SHA-256 does not match.",
                    "It was deleted.");
            // The bytes came from several responses, perhaps of several servers: this one alone may still be right.
            _fromStart = true;
        }
    }

    private ResiliencePipeline Retries(long before) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = new PredicateBuilder().Handle<DownloadException>(failure =>
                        failure.IsPassing && !HasMoved(before) && !(failure.RetryAfter > settings.LongestWait)
                    ),
                    MaxRetryAttempts = settings.Tries - 1,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = settings.FirstWait,
                    MaxDelay = settings.LongestWait,
                    DelayGenerator = retry => ValueTask.FromResult((retry.Outcome.Exception as DownloadException)?.RetryAfter),
                    OnRetry = retry =>
                    {
                        watch.Tell(
                            DownloadStage.WaitingToRetry, part.Length, retry.RetryDelay, retry.Outcome.Exception!.Message,
                            (retry.AttemptNumber + 2, settings.Tries));
                        return ValueTask.CompletedTask;
                    },
                }
            )
            .Build();

    private bool HasMoved(long before) => part.Furthest - before >= LeastProgress;

    private bool IsRight() => request.Sha256 is null || request.Sha256 == part.Sha256();

    private async Task FetchAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(settings.Stall);
        try
        {
            await FetchOnceAsync(patience, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new DownloadException(
                DownloadErrorKind.Stalled, $"{Place} stopped sending data.", "Try again: the downloaded part is kept.", e);
        }
    }

    private async Task FetchOnceAsync(CancellationTokenSource patience, CancellationToken cancellation)
    {
        bool same = part.Notes?.Url == source.ToString();
        if (part.Length > 0 && part.Length == (request.Size ?? (same ? part.Notes?.Total : null)) && !_fromStart)
        {
            _continued = true;
            return;
        }

        // Without a hash for the final check, only an unchanged file at the same address may be continued.
        bool continues = part.Length > 0 && !_fromStart && (request.Sha256 is not null || (same && part.Notes!.CanBeAskedFor));
        using var answer = await AskAsync(continues ? part.Length : 0, same ? part.Notes : null, patience.Token).ConfigureAwait(false);
        if (answer.Start > 0 && request.Sha256 is null && IsOther(answer.Notes))
        {
            _fromStart = true;
            throw new DownloadException(DownloadErrorKind.WrongRange, $"The file at {Place} has changed since this download began.");
        }

        _continued = answer.Start > 0;
        await ReceiveAsync(answer, patience, cancellation).ConfigureAwait(false);
    }

    private async Task<SourceResponse> AskAsync(long from, PartNotes? notes, CancellationToken cancellation)
    {
        watch.Tell(DownloadStage.Connecting, from);
        if (source.IsFile)
            return new FolderSource(source).Open(from);
        var server = new HttpSource(client, source);
        try
        {
            return await server.AskAsync(from, notes, time, cancellation).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            throw server.NoAnswer(failure);
        }
        catch (DownloadException failure) when (failure.Kind == DownloadErrorKind.WrongRange)
        {
            _fromStart = true;
            throw;
        }
    }

    /// <summary>Whether the source's file differs from the part's, as far as it reveals.</summary>
    private bool IsOther(PartNotes now) =>
        part.Notes is not { } then || then.Total != now.Total || then.ETag != now.ETag || then.LastModified != now.LastModified;

    private async Task ReceiveAsync(SourceResponse answer, CancellationTokenSource patience, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        int count = 0;
        if (answer.Start == 0)
        {
            count = await HeadAsync(answer.Content, buffer, patience).ConfigureAwait(false);
            ForeignContent.Refuse(buffer.AsSpan(0, count), source);
        }

        if (request.Size is { } size && answer.Notes.Total is { } says && says != size)
            throw new DownloadException(
                DownloadErrorKind.WrongLength, $"{Place} has a file of {says} bytes instead of {size}.",
                "It is another version of the file.");
        watch.Total = request.Size ?? answer.Notes.Total;
        if (watch.Total is { } total)
            DiskSpace.Require(request.Target, total - answer.Start);
        await WriteAsync(() =>
        {
            if (answer.Start == 0)
                part.Clear();
            part.Note(answer.Notes);
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        watch.Tell(DownloadStage.Receiving, part.Length);
        while (count > 0 || (count = await ReadAsync(answer.Content, buffer, patience).ConfigureAwait(false)) > 0)
        {
            if (part.Length + count > watch.Total)
                throw Wrong($"{Place} sends more than the {watch.Total} bytes that the file has.");
            int now = count;
            await WriteAsync(() => part.AppendAsync(buffer.AsMemory(0, now), cancellation)).ConfigureAwait(false);
            watch.Receive(count, part.Length);
            count = 0;
        }

        if (part.Length < watch.Total)
            throw new DownloadException(
                DownloadErrorKind.Connection, $"{Place} broke off after {part.Length} of {watch.Total} bytes.",
                "Try again: the downloaded part is kept.");
        if (part.Length == 0)
            throw Wrong($"{Place} sends an empty file.");
    }

    private DownloadException Wrong(string message)
    {
        part.Clear();
        return new(DownloadErrorKind.WrongLength, message);
    }

    private async Task<int> HeadAsync(Stream stream, byte[] buffer, CancellationTokenSource patience)
    {
        int filled = 0,
            count;
        while (
            filled < ForeignContent.HeadBytes
            && (count = await ReadAsync(stream, buffer.AsMemory(filled), patience).ConfigureAwait(false)) > 0
        )
            filled += count;
        return filled;
    }

    private async Task<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationTokenSource patience)
    {
        patience.CancelAfter(settings.Stall);
        try
        {
            return await stream.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SocketException)
        {
            throw new DownloadException(
                DownloadErrorKind.Connection, $"The connection to {Place} broke after {part.Length} bytes.",
                "Try again: the downloaded part is kept.", e);
        }
    }

    private async Task WriteAsync(Func<Task> write)
    {
        try
        {
            await write().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskSpace.CannotWrite(request.Target, e);
        }
    }
}
