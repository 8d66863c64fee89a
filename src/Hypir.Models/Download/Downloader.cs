using System.Net;
using System.Net.Http.Headers;
using Hypir.Core.Files;

namespace Hypir.Models.Download;

/// <summary>
/// Downloads files so that a file gets its name only when complete and verified. Received bytes survive broken connections, cancellation
/// and the end of the process, and the next call continues from them. If several processes request one file at once, one downloads and the
/// others wait for it.
/// </summary>
public sealed class Downloader : IDisposable
{
    private readonly HttpClient _client;
    private readonly DownloadSettings _settings;
    private readonly TimeProvider _time;

    /// <summary>Creates a downloader; it reuses connections, so one instance should serve several files.</summary>
    /// <param name="settings">Timeouts and retries.</param>
    /// <param name="time">The clock.</param>
    public Downloader(DownloadSettings? settings = null, TimeProvider? time = null)
    {
        (_settings, _time) = (settings ?? new DownloadSettings(), time ?? TimeProvider.System);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = _settings.Stall,
            MaxAutomaticRedirections = 10,
        })
        {
            // No total limit, since large files take long: the stall watchdog checks that data keeps arriving.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("hypir", typeof(Downloader).Assembly.GetName().Version?.ToString(3) ?? "0"));
    }

    /// <summary>Downloads a file, or finds it already here.</summary>
    /// <param name="request">The file.</param>
    /// <param name="progress">Receives progress reports, on any thread.</param>
    /// <param name="cancellation">Cancels the download; received bytes are kept.</param>
    /// <exception cref="DownloadException">No source provides the file, or it cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public async Task<DownloadResult> DownloadAsync(
        DownloadRequest request, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        string target = Path.GetFullPath(request.Target), lockPath = target + ".lock";
        request = request with { Target = target };
        var watch = new DownloadWatch(target, progress, _time) { Total = request.Size };
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            DownloadResult result;
            using (
                await FileLock
                    .AcquireAsync(lockPath, () => watch.Tell(DownloadStage.WaitingForOther, 0), cancellation)
                    .ConfigureAwait(false)
            )
                result = await FindAsync(request, watch, cancellation).ConfigureAwait(false)
                    ?? await FetchAsync(request, watch, cancellation).ConfigureAwait(false);
            // Processes that still wait will find the complete file, so from here on it does not matter which lock they hold.
            RemoveLock(lockPath);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskSpace.CannotWrite(target, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>The existing file, if it is the right one.</summary>
    private static async Task<DownloadResult?> FindAsync(DownloadRequest request, DownloadWatch watch, CancellationToken cancellation)
    {
        var file = new FileInfo(request.Target);
        if (!file.Exists || (request.Size is { } size && size != file.Length))
            return null;
        watch.Tell(DownloadStage.Checking, 0);
        string sha256 = await FileHash
            .ComputeAsync(request.Target, done => watch.Advance(DownloadStage.Checking, done), cancellation)
            .ConfigureAwait(false);
        return request.Sha256 is null || request.Sha256 == sha256 ? new DownloadResult(file.Length, sha256, null) : null;
    }

    private async Task<DownloadResult> FetchAsync(DownloadRequest request, DownloadWatch watch, CancellationToken cancellation)
    {
        string name = Path.GetFileName(request.Target);
        if (request.Sources.Count == 0)
        {
            throw new DownloadException(DownloadErrorKind.NoSource, $"No address of {name} is known.",
                "Download it with a browser, and `hypir models add` it; or name an address or a folder with --from.");
        }

        using var part = await PartFile
            .OpenAsync(request.Target, done => watch.Advance(DownloadStage.Checking, done), cancellation)
            .ConfigureAwait(false);
        if (part.Length > request.Size)
            part.Clear();
        if (request.Size is { } size)
            DiskSpace.Require(request.Target, size - part.Length);
        List<DownloadException> failures = [];
        foreach (var source in request.Sources)
        {
            try
            {
                await new SourceDownload(_client, source, request, part, _settings, watch, _time)
                    .RunAsync(cancellation)
                    .ConfigureAwait(false);
                var result = new DownloadResult(part.Length, part.Sha256(), source);
                part.Become(request.Target);
                return result;
            }
            catch (DownloadException failure) when (failure.IsOfTheSource)
            {
                failures.Add(failure);
            }
        }

        throw failures.Count == 1
            ? failures[0]
            : new DownloadException(
                failures[0].Kind,
                $"None of {failures.Count} sources provides {name}:"
                + $"{string.Concat(failures.Select(failure => $"{Environment.NewLine}  {failure.Message}"))}",
                "Try again later: the downloaded part is kept. Or download it with a browser, and `hypir models add` it.",
                failures[0]
            );
    }

    private static void RemoveLock(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that waited has it open now, and will delete it.
        }
    }
}
