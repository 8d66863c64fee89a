using Hypir.Core.Files;
using Hypir.Imaging.Bmp;
using Hypir.Imaging.Color;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Vips;

namespace Hypir.Imaging;

/// <summary>Reads and writes image files: PNG, JPEG, WebP, TIFF and BMP; GIF is only read.</summary>
public static class ImageFile
{
    static ImageFile() => VipsLibrary.Prepare();

    /// <summary>Reads a file's header without allocating memory for pixels.</summary>
    /// <param name="path">The file; its format is detected from the content, not the name.</param>
    /// <param name="limits">The limits; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="ImageException">The file cannot be read, exceeds the limits, or is not a supported image.</exception>
    public static ImageInfo Inspect(string path, ImageLimits? limits = null) => Read(path, decoder => Checked(path, decoder, limits));

    /// <summary>Decodes a file: sRGB color, upright, straight alpha, 8 or 16 bits like the file.</summary>
    /// <param name="path">The file; its format is detected from the content, not the name.</param>
    /// <param name="limits">The limits; <see cref="ImageLimits.Default"/> if null.</param>
    /// <param name="cancellation">Cancels the work between strips of rows.</param>
    /// <exception cref="ImageException">The file cannot be read, is damaged (including truncated), exceeds the limits, or is not a
    /// supported image.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static RasterImage Load(string path, ImageLimits? limits = null, CancellationToken cancellation = default) =>
        Decode(path, limits, keepOwnColors: false, cancellation);

    /// <summary>
    /// Decodes a file like <see cref="Load"/> and also keeps the samples in the colors of its own profile, for
    /// <see cref="SaveSettings.KeepProfile"/>, because sRGB cannot represent all of them. This doubles the memory of the image.
    /// </summary>
    /// <param name="path">The file; its format is detected from the content, not the name.</param>
    /// <param name="cancellation">Cancels the work between strips of rows.</param>
    /// <exception cref="ImageException">The file cannot be read, is damaged, exceeds the limits, or is not a supported image.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static RasterImage LoadWithOwnColors(string path, CancellationToken cancellation = default) =>
        Decode(path, null, keepOwnColors: true, cancellation);

    /// <summary>
    /// Writes an image to a temporary file in the target's folder and renames it, so that the target is never partial.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="path">The target, replaced if it exists; its extension selects the format.</param>
    /// <param name="settings">Quality settings; <see cref="SaveSettings.Default"/> if null.</param>
    /// <param name="cancellation">Cancels the work; the target then stays unchanged.</param>
    /// <returns>The format, and notes about what it could not hold.</returns>
    /// <exception cref="ImageException">The format cannot be written or cannot hold this size, or the disk reported an error.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SaveReport Save(RasterImage image, string path, SaveSettings? settings = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        settings ??= SaveSettings.Default;
        var format = ImageFormats.ForWriting(path);
        var abilities = FormatAbilities.Of(format);
        abilities.CheckSize(path, image.Width, image.Height);
        var said = settings.StripLocation ? image.With(image.Metadata.WithoutLocation()) : image;
        List<string> notes = [.. abilities.Losses(said)];
        var profile = settings.KeepProfile ? VipsGuard.Run(() => ProfileToKeep(said, abilities, notes)) : null;
        var later = Write(path, temporary =>
        {
            List<string> found = [];
            if (format == ImageFormat.Bmp)
                BmpWriter.Write(said, temporary, cancellation);
            else
                VipsWriter.Write(said, format, temporary, settings, profile, found, cancellation);
            return found;
        });
        return new SaveReport(format, [.. notes, .. later]);
    }

    private static List<string> Write(string path, Func<string, List<string>> write)
    {
        try
        {
            using var replacement = new FileReplacement(path);
            // Create the file first: the libraries report poorly why they could not.
            File.Create(replacement.Temporary).Dispose();
            var notes = VipsGuard.Run(() => write(replacement.Temporary));
            replacement.Keep();
            return notes;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NetVips.VipsException)
        {
            string why = failure is NetVips.VipsException vips ? VipsLibrary.Words(vips) : failure.Message;
            throw new ImageException(
                path, "It cannot be written: " + why, "Check that the folder exists, is writable and has free space.", failure);
        }
    }

    private static IccProfile? ProfileToKeep(RasterImage image, FormatAbilities abilities, List<string> notes)
    {
        if (image.Metadata.Profile is not { } data || IccProfile.Parse(data) is not { } profile)
            return null;
        if (abilities.ProfileChannels.Contains(profile.Channels) && ColorConversion.CanRead(profile) && ColorConversion.CanWrite(profile))
            return profile;
        notes.Add($"The profile \"{profile.Name}\" cannot be kept in {abilities.Name}: the colors are sRGB.");
        return null;
    }

    private static RasterImage Decode(string path, ImageLimits? limits, bool keepOwnColors, CancellationToken cancellation) =>
        Read(path, decoder =>
        {
            Checked(path, decoder, limits);
            return decoder.Decode(keepOwnColors, cancellation);
        });

    private static ImageInfo Checked(string path, IImageDecoder decoder, ImageLimits? limits)
    {
        (limits ?? ImageLimits.Default).Check(path, decoder.Info);
        return decoder.Info;
    }

    private static T Read<T>(string path, Func<IImageDecoder, T> read)
    {
        try
        {
            ImageFormat format;
            using (var file = File.OpenRead(RegularFile.Require(path)))
                format = ImageFormats.OfContent(path, file);
            return VipsGuard.Run(() =>
            {
                using IImageDecoder decoder = format == ImageFormat.Bmp ? new BmpDecoder(path) : new VipsDecoder(path, format);
                return read(decoder);
            });
        }
        catch (NetVips.VipsException failure)
        {
            throw new ImageException(path, "The file is damaged or incomplete: " + VipsLibrary.Words(failure),
                "Get it again from its source, or open and save it with another program.", failure);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageException(path, "There is no such file or folder.", "Check the name and the folder.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ImageException(path, "It cannot be read: " + failure.Message, "Check the path and its permissions.", failure);
        }
    }
}

/// <summary>How an image is written.</summary>
public sealed record SaveSettings
{
    /// <summary>The default settings.</summary>
    public static SaveSettings Default { get; } = new();

    /// <summary>JPEG quality, 1 to 100. From 90 on, chroma keeps full resolution.</summary>
    public int JpegQuality { get; init; } = 95;

    /// <summary>WebP quality, 1 to 100.</summary>
    public int WebPQuality { get; init; } = 92;

    /// <summary>Whether WebP is written losslessly; null if that follows the image's own file.</summary>
    public bool? WebPLossless { get; init; }

    /// <summary>PNG and TIFF compression effort, 0 (stored) to 9.</summary>
    public int Compression { get; init; } = 6;

    /// <summary>
    /// Whether colors are converted back to the profile of the image's own file (<see cref="ImageMetadata.Profile"/>) instead of being
    /// written as sRGB. If the format cannot hold that profile, they stay sRGB and the report says so.
    /// </summary>
    public bool KeepProfile { get; init; }

    /// <summary>Whether GPS data, place names and place codes are removed.</summary>
    public bool StripLocation { get; init; }
}

/// <summary>The outcome of writing an image.</summary>
/// <param name="Format">The format, chosen by the path's extension.</param>
/// <param name="Notes">What the format could not hold, one sentence each; empty if nothing was lost.</param>
public sealed record SaveReport(ImageFormat Format, IReadOnlyList<string> Notes);
