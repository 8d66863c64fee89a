namespace Hypir.Restoration.Images;

/// <summary>Picture files: PNG, JPEG, WebP, TIFF and BMP are read and written, GIF is read.</summary>
public static class PictureFile
{
    /// <summary>Reads a file's header; no memory for pixels is taken.</summary>
    /// <param name="path">The file; its content, not its name, says the format.</param>
    /// <exception cref="PictureException">The file cannot be read, or is not a picture that is.</exception>
    public static PictureInfo Inspect(string path)
    {
        using var decoder = Open(path);
        return decoder.Info;
    }

    /// <summary>Decodes a file: sRGB colour, upright, straight alpha, 8 or 16 bits as the file has.</summary>
    /// <param name="path">The file; its content, not its name, says the format.</param>
    /// <param name="limits">What is accepted; <see cref="PictureLimits.Default"/> where null.</param>
    /// <param name="cancellation">Ends the work between strips of rows.</param>
    /// <exception cref="PictureException">The file cannot be read, is damaged (a truncated file too), over the limits, or not a picture that is read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Picture Load(string path, PictureLimits? limits = null, CancellationToken cancellation = default)
    {
        using var decoder = Open(path);
        var info = decoder.Info;
        (limits ?? PictureLimits.Default).Check(path, info.Width, info.Height, info.BitsPerSample);
        return decoder.Decode(cancellation);
    }

    /// <summary>Writes a picture into a temporary file of the target's folder and renames it, so that the target is never half-written.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">The target, replaced if it is there; its extension says the format.</param>
    /// <param name="settings">Quality; <see cref="SaveSettings.Default"/> where null.</param>
    /// <param name="cancellation">Ends the work; the target is then as it was.</param>
    /// <returns>The format, and what it could not hold.</returns>
    /// <exception cref="PictureException">The format is not written, cannot hold this size, or the disk refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SaveReport Save(Picture picture, string path, SaveSettings? settings = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var format = PictureFormats.ForWriting(path);
        FormatAbilities.Of(format).CheckSize(path, picture.Width, picture.Height);
        List<string> notes = [];
        AtomicFile.Write(path, temporary =>
        {
            if (format == PictureFormat.Bmp)
                BmpWriter.Write(picture, temporary, notes, cancellation);
            else
                VipsWriter.Write(picture, format, temporary, settings ?? SaveSettings.Default, notes, cancellation);
        });
        return new SaveReport(format, notes);
    }

    private static IPictureDecoder Open(string path)
    {
        try
        {
            PictureFormat format;
            using (var file = File.OpenRead(path))
                format = PictureFormats.OfContent(path, file);
            return format == PictureFormat.Bmp ? new BmpDecoder(path) : new VipsDecoder(path, format);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PictureException(path, "It cannot be opened: " + failure.Message, "Check the path and the rights to read it.", failure);
        }
    }
}
