using System.IO.Compression;
using Hypir.Ui.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hypir.Ui.Api;

/// <summary>Gives pages files: pictures to show, results, and all results in one archive.</summary>
internal static class Downloads
{
    /// <summary>Sends a picture; nothing but PNG and JPEG is ever sent.</summary>
    public static async Task SendPictureAsync(HttpContext context, string path)
    {
        if (!File.Exists(path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = Path.GetExtension(path) == ".jpg" ? "image/jpeg" : "image/png";
        // Pictures have versions in their addresses. The browser keeps them in memory while it shows them, and never on the disk.
        await context.Response.SendFileAsync(path, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Sends all results as a ZIP archive, file by file, without a copy on the disk.</summary>
    public static async Task SendAllAsync(HttpContext context, Gallery gallery)
    {
        string[] files = gallery.Read((images, _, _, _) =>
            images.SelectMany(image => image.Results).Select(result => result.Path).Where(File.Exists).Distinct().ToArray());
        // The archive writes the ends of its entries synchronously.
        context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"hypir.zip\"";
        await using ZipArchive archive = await ZipArchive.CreateAsync(
            context.Response.Body, ZipArchiveMode.Create, leaveOpen: true, null, context.RequestAborted).ConfigureAwait(false);
        foreach (string file in files)
        {
            // PNG is compressed already.
            ZipArchiveEntry entry = archive.CreateEntry(Path.GetFileName(file), CompressionLevel.NoCompression);
            await using Stream target = await entry.OpenAsync(context.RequestAborted).ConfigureAwait(false);
            await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            await source.CopyToAsync(target, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
