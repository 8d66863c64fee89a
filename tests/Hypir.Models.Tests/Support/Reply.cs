using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Hypir.Models.Tests.Support;

/// <summary>Writes an answer, honest or not.</summary>
internal sealed class Reply(NetworkStream stream, CancellationToken end)
{
    /// <summary>Sends a status line and headers.</summary>
    public Task HeadAsync(string status, params string[] headers) =>
        stream
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    string.Concat(((string[])[$"HTTP/1.1 {status}", "Connection: close", .. headers, ""]).Select(line => line + "\r\n"))),
                end
            )
            .AsTask();

    /// <summary>Sends bytes.</summary>
    public Task BodyAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes, end).AsTask();

    /// <summary>A whole answer.</summary>
    public async Task SendAsync(string status, ReadOnlyMemory<byte> body, params string[] headers)
    {
        await HeadAsync(status, [$"Content-Length: {body.Length}", .. headers]);
        await BodyAsync(body);
    }

    /// <summary>A whole answer with a text.</summary>
    public Task SendAsync(string status, string text, params string[] headers) => SendAsync(status, Encoding.UTF8.GetBytes(text), headers);

    /// <summary>Serves a file as a server should: whole, or from the byte on that was asked for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="content">The file.</param>
    /// <param name="etag">Its entity tag with quotation marks, or null.</param>
    /// <param name="bytes">As many bytes of it are sent, then the connection is closed; null for all.</param>
    public async Task FileAsync(Request request, ReadOnlyMemory<byte> content, string? etag = "\"tag\"", int? bytes = null)
    {
        string[] tag = etag is null ? [] : [$"ETag: {etag}"];
        bool part = request.From is not null && (request.IfRange is null || request.IfRange == etag);
        int from = part ? (int)request.From!.Value : 0;
        if (from >= content.Length && part)
        {
            await SendAsync("416 Range Not Satisfiable", "", $"Content-Range: bytes */{content.Length}");
            return;
        }

        var rest = content[from..];
        string[] range = part ? [$"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}"] : [];
        await HeadAsync(
            part ? "206 Partial Content" : "200 OK",
            [string.Create(CultureInfo.InvariantCulture, $"Content-Length: {rest.Length}"), "Accept-Ranges: bytes", .. tag, .. range]);
        await BodyAsync(bytes is { } most && most < rest.Length ? rest[..most] : rest);
    }

    /// <summary>Sends bytes as HTTP's chunks, of no length told beforehand.</summary>
    public async Task ChunksAsync(ReadOnlyMemory<byte> content)
    {
        await HeadAsync("200 OK", "Transfer-Encoding: chunked");
        await BodyAsync(Encoding.ASCII.GetBytes($"{content.Length:x}\r\n"));
        await BodyAsync(content);
        await BodyAsync("\r\n0\r\n\r\n"u8.ToArray());
    }

    /// <summary>Says nothing more until the client gives up.</summary>
    public async Task StallAsync()
    {
        while (await stream.ReadAsync(new byte[256], end) > 0)
        {
            // Nothing is to come.
        }
    }
}
