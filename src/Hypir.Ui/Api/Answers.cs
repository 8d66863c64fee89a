using Hypir.Ui.Work;
using Microsoft.AspNetCore.Http;

namespace Hypir.Ui.Api;

/// <summary>What routes read from requests and answer.</summary>
internal static class Answers
{
    /// <summary>Bodies of requests other than uploads.</summary>
    private const long MostBytes = 64 << 10;

    /// <summary>A part of the path.</summary>
    public static string Text(HttpContext context, string name) => context.Request.RouteValues[name]?.ToString() ?? "";

    /// <summary>Acts, and answers that it is done.</summary>
    public static Task DoneAsync(HttpContext context, Action act)
    {
        act();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Answers in JSON.</summary>
    public static Task JsonAsync<T>(HttpContext context, T value) =>
        context.Response.WriteAsJsonAsync(value, PageState.Json, context.RequestAborted);

    /// <summary>A small body in JSON, or null if it is none.</summary>
    public static async Task<T?> BodyAsync<T>(HttpContext context)
        where T : class
    {
        if (!context.Request.HasJsonContentType() || context.Request.ContentLength is not <= MostBytes)
            return null;
        try
        {
            return await context.Request.ReadFromJsonAsync<T>(PageState.Json, context.RequestAborted).ConfigureAwait(false);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>Refuses a request.</summary>
    public static Task RefuseAsync(HttpContext context, int status, Failure failure)
    {
        // A picture may have been begun.
        if (context.Response.HasStarted)
            return Task.CompletedTask;
        context.Response.StatusCode = status;
        return JsonAsync(context, failure);
    }
}
