using System.Net;
using System.Net.Http.Headers;
using Hypir.Core.Files;

namespace Hypir.Models.Download;

/// <summary>A source's response: bytes of the file from some position on.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Start">Position of the first byte in the file.</param>
/// <param name="Notes">The file's identity according to the source.</param>
/// <param name="Owner">Disposed with the response.</param>
internal sealed record SourceResponse(Stream Content, long Start, PartNotes Notes, IDisposable? Owner) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Content.Dispose();
        Owner?.Dispose();
    }
}

/// <summary>Requests a file from a server, from its beginning or from the end of a part, and checks the response.</summary>
/// <param name="client">The client.</param>
/// <param name="source">The address.</param>
internal sealed class HttpSource(HttpClient client, Uri source)
{
    private string Place => ForeignContent.Place(source);

    /// <summary>Sends the request.</summary>
    /// <param name="from">First byte wanted.</param>
    /// <param name="notes">The identity of the bytes already here if they come from this address; the server then continues only if the
    /// file is unchanged.</param>
    /// <param name="time">The clock for dates in <c>Retry-After</c>.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <exception cref="DownloadException">The server refuses, or its response cannot be used.</exception>
    public async Task<SourceResponse> AskAsync(long from, PartNotes? notes, TimeProvider time, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, source);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.IfRange = notes switch
            {
                { ETag: { } tag } => new RangeConditionHeaderValue(EntityTagHeaderValue.Parse(tag)),
                { LastModified: { } date } => new RangeConditionHeaderValue(date),
                _ => null,
            };
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        try
        {
            var (start, total) = Judge(response, from, time);
            var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            return new SourceResponse(
                stream, start, new PartNotes(source.ToString(), StrongTag(response), LastModified(response), total), response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private (long Start, long? Total) Judge(HttpResponseMessage response, long from, TimeProvider time)
    {
        var content = response.Content.Headers;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK or HttpStatusCode.PartialContent when content.ContentEncoding.Count > 0:
                throw new DownloadException(
                    DownloadErrorKind.ServerError,
                    $"{Place} sends the file compressed ({string.Join(", ", content.ContentEncoding)}), which was not requested.");
            case HttpStatusCode.OK:
                return (0, content.ContentLength);
            case HttpStatusCode.PartialContent:
                // An unrequested, different, multiple or unlabeled range: nothing to build on.
                if (content.ContentRange is not { Unit: "bytes", From: { } first } range || first != from)
                    throw new DownloadException(
                        DownloadErrorKind.WrongRange,
                        $"{Place} was asked for the file from byte {from} on, "
                        + $"but sent {content.ContentRange?.ToString() ?? "an unidentified part"}."
                    );
                return (from, range.Length);
            default:
                throw Refusal(response, time);
        }
    }

    private DownloadException Refusal(HttpResponseMessage response, TimeProvider time)
    {
        int status = (int)response.StatusCode;
        const string AddIt = "Or download it with a browser, and `hypir models add` it.";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new(
                DownloadErrorKind.SignInNeeded,
                $"{Place} requires a sign-in (401): the file is private, only for those who agreed to its terms there, or gone.", AddIt),
            HttpStatusCode.Forbidden => new(
                DownloadErrorKind.Forbidden,
                $"{Place} refuses (403): the file may be only for those who agreed to its terms there, or this network is blocked.", AddIt),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new(
                DownloadErrorKind.NotFound, $"{Place} does not have the file ({status}): {source}",
                "It may have moved: --from names another address or a folder."),
            HttpStatusCode.ProxyAuthenticationRequired => ProxyFailure(null),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new(
                DownloadErrorKind.Busy, $"{Place} is busy or limits downloads ({status}).", "Try again later.")
            {
                RetryAfter = Wait(response, time),
            },
            HttpStatusCode.RequestedRangeNotSatisfiable => new(
                DownloadErrorKind.WrongRange, $"{Place} cannot continue the file where it stopped (416)."),
            HttpStatusCode.RequestTimeout => new(DownloadErrorKind.Connection, $"{Place} waited too long (408)."),
            _ when status >= 500 => new(DownloadErrorKind.ServerError, $"{Place} reports an error ({status}).", "Try again later."),
            _ when status is >= 300 and < 400 => new(
                DownloadErrorKind.NotFound, $"{Place} redirects too often ({status}).",
                "It may have moved: --from names another address or a folder."),
            _ => new(DownloadErrorKind.Forbidden, $"{Place} refuses ({status} {response.ReasonPhrase}).", AddIt),
        };
    }

    /// <summary>Describes the failure of a request without a response.</summary>
    public DownloadException NoAnswer(HttpRequestException failure) =>
        failure.HttpRequestError switch
        {
            HttpRequestError.ProxyTunnelError => ProxyFailure(failure),
            HttpRequestError.NameResolutionError => new(
                DownloadErrorKind.Connection, $"{Place} was not found: is this machine online?",
                "Check the connection. Behind a proxy, set HTTPS_PROXY.", failure),
            HttpRequestError.SecureConnectionError => new(
                DownloadErrorKind.Connection,
                $"{Place} cannot prove its identity: {(failure.InnerException?.Message ?? failure.Message).TrimEnd('.')}.",
                "Check this machine's clock and certificates; some company networks intercept encrypted connections.", failure),
            _ => new(
                DownloadErrorKind.Connection,
                $"The connection to {Place} failed: {(failure.InnerException?.Message ?? failure.Message).TrimEnd('.')}.",
                "Check the connection and try again: the downloaded part is kept.", failure),
        };

    private DownloadException ProxyFailure(Exception? inner) =>
        new(
            DownloadErrorKind.Proxy, $"The proxy blocks the download from {Place}.",
            "Check HTTPS_PROXY, with user name and password if required: http://user:password@proxy:port.", inner);

    /// <summary>Only a strong tag guarantees identical bytes.</summary>
    private static string? StrongTag(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.ToString() : null;

    private static DateTimeOffset? LastModified(HttpResponseMessage response) => response.Content.Headers.LastModified;

    private static TimeSpan? Wait(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };
}

/// <summary>Reads a file from a local or network folder as if it were downloaded.</summary>
/// <param name="source">The file's address.</param>
internal sealed class FolderSource(Uri source)
{
    /// <summary>Opens the file.</summary>
    /// <param name="from">First byte wanted.</param>
    /// <exception cref="DownloadException">It does not exist or cannot be read.</exception>
    public SourceResponse Open(long from)
    {
        try
        {
            var stream = new FileStream(
                RegularFile.Require(source.LocalPath), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0,
                FileOptions.Asynchronous);
            long start = from <= stream.Length ? from : 0;
            stream.Position = start;
            return new SourceResponse(
                stream, start, new PartNotes(source.ToString(), null, File.GetLastWriteTimeUtc(source.LocalPath), stream.Length), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DownloadException(DownloadErrorKind.NotFound, $"{source.LocalPath} is not there.", "Check the folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DownloadException(
                DownloadErrorKind.Forbidden, $"{source.LocalPath} cannot be read: {e.Message}", "Check its permissions.", e);
        }
    }
}
