using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Hypir.Ui.Safety;

/// <summary>
/// Refuses every request that is not from the window's own page, before anything else looks at it. Web pages of others can send requests to
/// this machine too: under another name (DNS rebinding), from forms, from sandboxed frames (Origin: null), or from other ports of the same
/// host.
/// </summary>
/// <param name="session">Who may use the window.</param>
/// <param name="port">The port that the window listens on.</param>
internal sealed class RequestGuard(Session session, Func<int> port)
{
    /// <summary>The header that only a page of the same origin can send without asking first.</summary>
    public const string Header = "X-Hypir";

    /// <summary>The path that takes a token.</summary>
    public const string Start = "/start";

    /// <summary>Nothing runs or loads but what the window serves itself; nobody may frame it.</summary>
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    private string Host => $"127.0.0.1:{port()}";

    /// <summary>Answers a request, or refuses it.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        AddHeaders(context.Response.Headers);
        if (Refusal(context) is var (status, reason))
        {
            context.Response.StatusCode = (int)status;
            if (reason.Length == 0)
                return;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(reason).ConfigureAwait(false);
            return;
        }
        await next(context).ConfigureAwait(false);
    }

    private (HttpStatusCode, string)? Refusal(HttpContext context)
    {
        HttpRequest request = context.Request;
        IHeaderDictionary headers = request.Headers;
        if (context.Connection.RemoteIpAddress is not { } from || !IPAddress.IsLoopback(from))
            return (HttpStatusCode.Forbidden, "Only this machine can use the window.");
        if (headers.Host.Count != 1 || headers.Host[0] != Host)
            return (HttpStatusCode.MisdirectedRequest, $"The window is http://{Host}, under no other name.");
        bool reads = HttpMethods.IsGet(request.Method);
        if (!reads && !HttpMethods.IsPost(request.Method) && !HttpMethods.IsDelete(request.Method))
            return (HttpStatusCode.MethodNotAllowed, "The window does not have this method.");
        bool starts = reads && request.Path == Start;
        // A link in a terminal or a note may open the window: it has to know the token.
        if (!starts && headers["Sec-Fetch-Site"] is { Count: > 0 } site && site is not ["same-origin"] and not ["none"])
            return (HttpStatusCode.Forbidden, "Pages of others cannot use the window.");
        // Present but empty counts as foreign, and so does null.
        if (headers.Origin.Count > 0 && headers.Origin is not [var origin] || headers.Origin is [var one] && one != $"http://{Host}")
            return (HttpStatusCode.Forbidden, "Pages of others cannot use the window.");
        if (starts)
            return null;
        // Browsers ask for it on their own, and would note a refusal as an error of the page.
        if (reads && request.Path == "/favicon.ico")
            return (HttpStatusCode.NoContent, "");
        if (!request.Path.Value!.StartsWith(session.Root, StringComparison.Ordinal) || !session.Knows(request))
            return (HttpStatusCode.Forbidden, "This page belongs to another run, or to another browser. Run \"hypir ui\" to open it here.");
        if (!reads && (headers.Origin.Count == 0 || headers[Header] is not ["1"]))
            return (HttpStatusCode.Forbidden, "Only the window's own page can change anything.");
        return null;
    }

    private static void AddHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers[HeaderNames.Vary] = "*";
    }
}
