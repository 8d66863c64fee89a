using System.Text.Json;
using System.Threading.Channels;
using Hypir.Ui.Work;
using Microsoft.AspNetCore.Http;

namespace Hypir.Ui.Api;

/// <summary>
/// Tells a page what it shows, whenever that changes, as server-sent events. An open stream is an open page. Each event is the whole state:
/// a page that was reloaded or slept for an hour has nothing to catch up on.
/// </summary>
internal static class EventStream
{
    /// <summary>Ten times a second is enough for a bar.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends events until the page is closed.</summary>
    public static async Task SendAsync(HttpContext context, UiSettings settings, Gallery gallery, CancellationToken ending)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending);
        context.Response.ContentType = "text/event-stream";
        Channel<bool> changes = gallery.Watch();
        try
        {
            await foreach (bool _ in changes.Reader.ReadAllAsync(closed.Token).ConfigureAwait(false))
            {
                string state = JsonSerializer.Serialize(PageState.Of(settings, gallery), PageState.Json);
                await context.Response.WriteAsync($"data: {state}\n\n", closed.Token).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(closed.Token).ConfigureAwait(false);
                await Task.Delay(Pause, closed.Token).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // The page was closed, or the window ends.
        }
        finally
        {
            gallery.Leave(changes);
        }
    }
}
