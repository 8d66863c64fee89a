using Hypir.Imaging;
using Hypir.Imaging.Formats;

namespace Hypir.Ui.Work;

/// <summary>
/// What pages show: files of the window's own making, PNG or JPEG. A file that somebody sent is decoded and never passed on.
/// </summary>
/// <param name="gallery">The images.</param>
/// <param name="folder">The folder for the files.</param>
internal sealed class Pictures(Gallery gallery, PrivateFolder folder) : IDisposable
{
    /// <summary>Longest side of the pictures in the film strip: twice their size, for sharp screens.</summary>
    private const int ThumbSide = 256;

    /// <summary>Fast: these files live for minutes.</summary>
    private static readonly SaveSettings Fast = new() { Compression = 1 };

    // Images in memory at a time.
    private readonly SemaphoreSlim _decoding = new(2, 2);

    /// <summary>Limits for the window's own files.</summary>
    public static ImageLimits AnySize { get; } = new() { MaxPixels = long.MaxValue };

    /// <summary>The name of the file with a result at full strength.</summary>
    public static string After(UiImage image, int version) => FormattableString.Invariant($"{image.Id}-after-{version}.png");

    /// <summary>The name of the file with a restored part.</summary>
    public static string Part(UiImage image, int version) => FormattableString.Invariant($"{image.Id}-part-{version}.png");

    /// <summary>Keeps a result.</summary>
    public void KeepAfter(UiImage image, int version, RasterImage result) => Keep(After(image, version), result);

    /// <summary>Keeps a restored part.</summary>
    public void KeepPart(UiImage image, int version, RasterImage part) => Keep(Part(image, version), part);

    /// <summary>Deletes pictures that no page shows any longer.</summary>
    public void Prune(UiImage image)
    {
        string[] current = gallery.Read((_, _, _, _) => (string[])
        [
            .. image.Results.Select(result => After(image, result.Version)),
            image.Preview is { } part ? Part(image, part.Version) : "",
        ]);
        folder.Delete($"{image.Id}-after-", current);
        folder.Delete($"{image.Id}-part-", current);
    }

    /// <summary>The file with the image itself, made when it is first wanted.</summary>
    /// <exception cref="ImageException">The image cannot be decoded.</exception>
    public Task<string> BeforeAsync(UiImage image, CancellationToken cancellation) =>
        MakeAsync(image, folder[$"{image.Id}-before.png"], (decoded, path) => ImageFile.Save(Plain(decoded), path, Fast), cancellation);

    /// <summary>The file with the small picture of the image, made when it is first wanted.</summary>
    /// <exception cref="ImageException">The image cannot be decoded.</exception>
    public Task<string> ThumbAsync(UiImage image, CancellationToken cancellation) => MakeAsync(
        image, folder[$"{image.Id}-thumb.jpg"],
        (decoded, path) => Core.Files.FileReplacement.Write(path, stream => stream.Write(Preview.Of(decoded, ThumbSide).Jpeg)),
        cancellation);

    /// <inheritdoc/>
    public void Dispose() => _decoding.Dispose();

    private async Task<string> MakeAsync(UiImage image, string path, Action<RasterImage, string> make, CancellationToken cancellation)
    {
        if (File.Exists(path))
            return path;
        await _decoding.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!File.Exists(path))
                await Task.Run(() => make(ImageFile.Load(image.Source, gallery.Limits, cancellation), path), cancellation)
                    .ConfigureAwait(false);
            return path;
        }
        finally
        {
            _decoding.Release();
        }
    }

    private void Keep(string name, RasterImage picture) => ImageFile.Save(Plain(picture), folder[name], Fast);

    /// <summary>Only pixels: what else the file says is not the page's business.</summary>
    private static RasterImage Plain(RasterImage image) => image.With(ImageMetadata.None);
}
