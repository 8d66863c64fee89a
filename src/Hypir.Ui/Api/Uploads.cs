using Hypir.Ui.Work;
using Microsoft.AspNetCore.Http;

namespace Hypir.Ui.Api;

/// <summary>Takes files from pages: a limit of bytes while they come in, a look at the header before anything is decoded.</summary>
internal static class Uploads
{
    /// <summary>The header with the file's name, percent-encoded.</summary>
    public const string NameHeader = "X-File-Name";

    /// <summary>Takes the body of a request as a file.</summary>
    /// <returns>The image.</returns>
    /// <exception cref="HypirException">It is no supported image, or too large.</exception>
    public static async Task<UiImage> TakeAsync(HttpRequest request, UiSettings settings, Gallery gallery, PrivateFolder folder)
    {
        CancellationToken cancellation = request.HttpContext.RequestAborted;
        string id = Gallery.NewId(), path = folder[$"{id}-source"];
        if (request.ContentLength > settings.MaxUploadBytes)
            throw TooLarge(settings);
        try
        {
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                byte[] block = new byte[1 << 16];
                long received = 0;
                for (int read; (read = await request.Body.ReadAsync(block, cancellation).ConfigureAwait(false)) > 0;)
                {
                    if ((received += read) > settings.MaxUploadBytes)
                        throw TooLarge(settings);
                    await file.WriteAsync(block.AsMemory(0, read), cancellation).ConfigureAwait(false);
                }
            }
            string name = Uri.UnescapeDataString(request.Headers[NameHeader].ToString());
            return await Task.Run(() => gallery.Add(id, name, path), cancellation).ConfigureAwait(false);
        }
        catch
        {
            folder.Delete(id);
            throw;
        }
    }

    private static UploadException TooLarge(UiSettings settings) => new(
        $"The file is larger than {settings.MaxUploadBytes >> 20} MiB.", "Restore it with \"hypir restore\", which has no such limit.");
}

/// <summary>A file that a page sent is too large.</summary>
internal sealed class UploadException(string message, string remedy) : HypirException(message, remedy);
