using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Ui.Safety;
using Hypir.Ui.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Hypir.Ui.Api.Answers;

namespace Hypir.Ui.Api;

/// <summary>What pages can ask for. Every request has passed <see cref="RequestGuard"/>.</summary>
internal sealed class Routes(
    UiSettings settings, Session session, Gallery gallery, PrivateFolder folder, Pictures pictures, Worker worker, EngineClient client,
    CancellationToken ending)
{
    /// <summary>
    /// The page after the token: it leads on by itself, since browsers keep a cookie of this kind from redirects that began elsewhere.
    /// </summary>
    private string Begun => $"""
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Hypir</title>
        <meta http-equiv="refresh" content="0; url={session.Root}"><a href="{session.Root}">Hypir</a></html>
        """;

    /// <summary>Adds all routes.</summary>
    public void Add(IEndpointRouteBuilder app)
    {
        app.MapGet(RequestGuard.Start, context =>
        {
            bool good = session.Begin(context.Request.Query["token"], context.Response);
            context.Response.StatusCode = good ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden;
            context.Response.ContentType = good ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
            return context.Response.WriteAsync(
                good ? Begun : "This address has been used already. Run \"hypir ui\" again: it opens the same window.");
        });
        RouteGroupBuilder own = app.MapGroup(session.Root);
        own.MapGet("", context => PageFiles.SendAsync(context.Response, "index.html"));
        own.MapGet("page/{**name}", context => PageFiles.SendAsync(context.Response, Text(context, "name")));
        own.MapGet("words/{language}", context => PageFiles.SendWordsAsync(context.Response, Text(context, "language")));
        own.MapGet("events", context => EventStream.SendAsync(context, settings, gallery, ending));
        own.MapGet("results.zip", context => Downloads.SendAllAsync(context, gallery));
        own.MapGet("images/{id}/{picture}/{version:int?}", context => WithImageAsync(context, image => SendPictureAsync(context, image)));
        own.MapPost("images", UploadAsync);
        own.MapPost("images/{id}/mask", context => WithImageAsync(context, image => TakeMaskAsync(context, image)));
        own.MapDelete("images/{id}/results/{version:int}", context => WithImageAsync(context, image => RemoveResult(context, image)));
        own.MapPost("jobs/{id}/cancel", context => WithJobAsync(context, gallery.Cancel));
        own.MapPost("jobs/{id}/first", context => WithJobAsync(context, gallery.PutFirst));
        own.MapDelete("images/{id}", context => WithImageAsync(context, gallery.Remove));
        own.MapPost("images/{id}/restore", context => WithImageAsync(context, image => EnqueueAsync(context, image)));
        own.MapPost("images/{id}/strength", context => WithImageAsync(context, image => BlendAsync(context, image)));
        own.MapPost("images/{id}/cancel", context => WithImageAsync(context, gallery.Cancel));
        own.MapPost("cancel", context => DoneAsync(context, gallery.CancelAll));
        new ModelRoutes(settings, folder, worker, new(client, gallery, worker, ending), client).Add(own);
        own.MapPost("folder", context => DoneAsync(context, ShowFolder));
    }

    private Task WithImageAsync(HttpContext context, Action<UiImage> act) =>
        WithImageAsync(context, image => DoneAsync(context, () => act(image)));

    private Task WithJobAsync(HttpContext context, Action<Job> act) =>
        // One that has just ended is what was wanted, too.
        DoneAsync(context, () =>
        {
            if (gallery.FindJob(Text(context, "id")) is { } job)
                act(job);
        });

    private async Task TakeMaskAsync(HttpContext context, UiImage image)
    {
        int version = gallery.NewVersion();
        await Uploads.TakeMaskAsync(context.Request, image, folder[PaintedMask.NameOf(image, version)]).ConfigureAwait(false);
        await JsonAsync(context, new { version }).ConfigureAwait(false);
    }

    private SavedResult? Result(HttpContext context, UiImage image)
    {
        int? version = int.TryParse(Text(context, "version"), out int number) ? number : null;
        return gallery.Read((_, _, _, _) => image.Find(version));
    }

    private void RemoveResult(HttpContext context, UiImage image)
    {
        if (Result(context, image) is { } result)
        {
            gallery.RemoveResult(image, result);
            pictures.Prune(image);
        }
    }

    private async Task WithImageAsync(HttpContext context, Func<UiImage, Task> act)
    {
        if (gallery.Find(Text(context, "id")) is not { } image)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, new("Gone", "There is no such image.", null)).ConfigureAwait(false);
            return;
        }
        try
        {
            await act(image).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HypirException or EngineException or IOException)
        {
            await RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, Failure.Of(failure)).ConfigureAwait(false);
        }
    }

    private async Task UploadAsync(HttpContext context)
    {
        try
        {
            UiImage image = await Uploads.TakeAsync(context.Request, settings, gallery, folder).ConfigureAwait(false);
            await JsonAsync(context, new { image.Id }).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HypirException or IOException && !context.RequestAborted.IsCancellationRequested)
        {
            var words = Failure.Of(failure);
            int status = failure is UploadException ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status422UnprocessableEntity;
            await RefuseAsync(context, status, failure switch
            {
                UploadException => words with { Code = "UploadTooLarge" },
                UsageException => words with { Code = "TooManyImages" },
                _ => words,
            }).ConfigureAwait(false);
        }
    }

    private async Task EnqueueAsync(HttpContext context, UiImage image)
    {
        JobWish? wish = await BodyAsync<JobWish>(context).ConfigureAwait(false);
        Area? area = wish?.Area?.Within(image.Info.Width, image.Info.Height);
        if (wish is not { Choice: { IsValid: true } choice } || (wish.Area is not null && area is null)
            || (choice.Mask is { } mask && !File.Exists(folder[PaintedMask.NameOf(image, mask)])))
            await RefuseAsync(context, StatusCodes.Status400BadRequest, new("BadRequest", "That is no job.", null)).ConfigureAwait(false);
        else
            await DoneAsync(context, () => gallery.Enqueue(new(image, choice, area))).ConfigureAwait(false);
    }

    private async Task BlendAsync(HttpContext context, UiImage image)
    {
        if (await BodyAsync<StrengthWish>(context).ConfigureAwait(false) is not { Strength: >= 0 and <= 1 } wish)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, new("BadRequest", "That is no strength.", null))
                .ConfigureAwait(false);
            return;
        }
        await worker.BlendAsync(image, wish.Version, wish.Strength, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task SendPictureAsync(HttpContext context, UiImage image)
    {
        string? path = Text(context, "picture") switch
        {
            "thumb" => await pictures.ThumbAsync(image, context.RequestAborted).ConfigureAwait(false),
            "before" => await pictures.BeforeAsync(image, context.RequestAborted).ConfigureAwait(false),
            "after" => Result(context, image) is { } result ? folder[Pictures.After(image, result.Version)] : null,
            "part" => image.Preview is { } part ? folder[Pictures.Part(image, part.Version)] : null,
            "result" => Result(context, image)?.Path,
            _ => null,
        };
        await Downloads.SendPictureAsync(context, path ?? "").ConfigureAwait(false);
    }

    private void ShowFolder()
    {
        Directory.CreateDirectory(settings.Output);
        settings.ShowFolder(settings.Output);
    }

    private sealed record JobWish(Choice? Choice, Area? Area);

    private sealed record StrengthWish(double Strength, int? Version);
}
