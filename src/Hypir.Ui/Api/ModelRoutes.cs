using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Ui.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Hypir.Ui.Api.Answers;

namespace Hypir.Ui.Api;

/// <summary>What pages can ask of models: licenses, downloads, files of one's own.</summary>
internal sealed class ModelRoutes(UiSettings settings, PrivateFolder folder, Worker worker, ModelTransfers transfers, EngineClient client)
{
    /// <summary>Endings of files of weights.</summary>
    private static readonly string[] Endings = [".pth", ".pt", ".safetensors", ".ckpt", ".bin"];

    /// <summary>Adds the routes.</summary>
    public void Add(IEndpointRouteBuilder own)
    {
        own.MapPost("models", async context => await worker.LookAtModelsAsync(context.RequestAborted).ConfigureAwait(false));
        own.MapPost("models/{name}/download", context => DoneAsync(context, () => transfers.Download(Text(context, "name"))));
        own.MapPost("models/{name}/stop", context => DoneAsync(context, () => transfers.Stop(Text(context, "name"))));
        own.MapPost("model-files", TakeAsync);
        own.MapGet("licenses/{id}", context => AskAsync(context, async () =>
        {
            LicenseText text = await client.GetLicenceAsync(Text(context, "id"), context.RequestAborted).ConfigureAwait(false);
            await JsonAsync(context, new { text.Name, text.Text, text.Address, text.Sha256 }).ConfigureAwait(false);
        }));
        own.MapPost("licenses/{id}", context => AskAsync(context, () => AcceptAsync(context)));
    }

    private async Task AcceptAsync(HttpContext context)
    {
        LicenseText text = await client.GetLicenceAsync(Text(context, "id"), context.RequestAborted).ConfigureAwait(false);
        Acceptance? body = await BodyAsync<Acceptance>(context).ConfigureAwait(false);
        // What was read is what is accepted.
        if (body?.Sha256 != text.Sha256)
        {
            var other = new Failure("BadRequest", "This is not the license's text.", "Read it again.");
            await RefuseAsync(context, StatusCodes.Status400BadRequest, other).ConfigureAwait(false);
            return;
        }
        await client.AcceptLicenceAsync(text, context.RequestAborted).ConfigureAwait(false);
        // Other pages ask no more.
        await worker.LookAtModelsAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task TakeAsync(HttpContext context)
    {
        string name = Uploads.NameOf(context.Request), ending = Path.GetExtension(name).ToLowerInvariant();
        if (!Endings.Contains(ending))
        {
            await RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, new("NoModelFile", $"{name} is no file of weights.", null))
                .ConfigureAwait(false);
            return;
        }
        string path = folder[$"{Gallery.NewId()}-weights{ending}"];
        try
        {
            await Uploads.ReceiveAsync(context.Request, path, settings.MaxUploadBytes).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is UploadException or IOException && !context.RequestAborted.IsCancellationRequested)
        {
            File.Delete(path);
            Failure words = failure is UploadException
                ? new("ModelTooLarge", failure.Message, "Add it with \"hypir models add\".") : Failure.Of(failure);
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, words).ConfigureAwait(false);
            return;
        }
        // The page learns the outcome from the window's state: adding a large file takes longer than a request should.
        await DoneAsync(context, () => _ = transfers.AddAsync(name, path)).ConfigureAwait(false);
    }

    private static async Task AskAsync(HttpContext context, Func<Task> act)
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (EngineException failure)
        {
            await RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, Failure.Of(failure)).ConfigureAwait(false);
        }
    }

    private sealed record Acceptance(string? Sha256);
}
