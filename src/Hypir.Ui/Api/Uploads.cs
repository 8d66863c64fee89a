using Hypir.Imaging;
using Hypir.Imaging.Formats;
using Hypir.Ui.Work;
using Microsoft.AspNetCore.Http;

namespace Hypir.Ui.Api;

/// <summary>Takes files from pages: a limit of bytes while they come in, a look at the header before anything is decoded.</summary>
internal static class Uploads
{
    /// <summary>The header with the file's name, percent-encoded.</summary>
    public const string NameHeader = "X-File-Name";

    /// <summary>Masks have little detail.</summary>
    private const long MostMaskBytes = 16 << 20;

    private static ImageLimits MaskLimits { get; } = new() { MaxPixels = 1 << 24 };

    /// <summary>Takes the body of a request as a file.</summary>
    /// <returns>The image.</returns>
    /// <exception cref="HypirException">It is no supported image, or too large.</exception>
    public static async Task<UiImage> TakeAsync(HttpRequest request, UiSettings settings, Gallery gallery, PrivateFolder folder)
    {
        CancellationToken cancellation = request.HttpContext.RequestAborted;
        string id = Gallery.NewId(), path = folder[$"{id}-source"];
        try
        {
            await ReceiveAsync(request, path, settings.MaxUploadBytes).ConfigureAwait(false);
            return await Task.Run(() => gallery.Add(id, NameOf(request), path), cancellation).ConfigureAwait(false);
        }
        catch
        {
            folder.Delete(id);
            throw;
        }
    }

    /// <summary>What the user calls a file; untrusted.</summary>
    public static string NameOf(HttpRequest request) => Uri.UnescapeDataString(request.Headers[NameHeader].ToString());

    /// <summary>Writes the body of a request to a new file.</summary>
    /// <exception cref="UploadException">It is too large; a part of it may have been written.</exception>
    public static async Task ReceiveAsync(HttpRequest request, string path, long most)
    {
        CancellationToken cancellation = request.HttpContext.RequestAborted;
        if (request.ContentLength > most)
            throw TooLarge(most);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        byte[] block = new byte[1 << 16];
        long received = 0;
        for (int read; (read = await request.Body.ReadAsync(block, cancellation).ConfigureAwait(false)) > 0;)
        {
            if ((received += read) > most)
                throw TooLarge(most);
            await file.WriteAsync(block.AsMemory(0, read), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the body of a request as an image's mask.</summary>
    /// <exception cref="HypirException">It is no image, too large, or of another shape than the image.</exception>
    public static async Task TakeMaskAsync(HttpRequest request, UiImage image, string path)
    {
        CancellationToken cancellation = request.HttpContext.RequestAborted;
        if (request.ContentLength is not <= MostMaskBytes)
            throw new UploadException($"A mask has at most {MostMaskBytes >> 20} MiB.", "Paint less of it.");
        try
        {
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                await request.Body.CopyToAsync(file, cancellation).ConfigureAwait(false);
            ImageInfo info = ImageFile.Inspect(path, MaskLimits);
            // The image's own size, or a smaller one of its shape.
            double scale = (double)info.Width / image.Info.Width;
            if (scale > 1 || Math.Abs(scale * image.Info.Height - info.Height) > 1)
                throw new ImageException(path, "The mask has another shape than the image.");
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static UploadException TooLarge(long most) => new(
        $"The file is larger than {most >> 20} MiB.", "Restore it with \"hypir restore\", which has no such limit.");
}

/// <summary>A file that a page sent is too large.</summary>
internal sealed class UploadException(string message, string remedy) : HypirException(message, remedy);
