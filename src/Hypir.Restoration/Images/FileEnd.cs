namespace Hypir.Restoration.Images;

/// <summary>
/// Finds files that end early in a place where the decoders do not mind: behind the pixels, where TIFF has its palette or profile and PNG its end.
/// </summary>
internal static class FileEnd
{
    private const ushort ProfileTag = 34675, FirstPrivateTag = 0x8000;

    /// <summary>Checks a file.</summary>
    /// <exception cref="PictureException">It ends early.</exception>
    internal static void Check(string path, PictureFormat format)
    {
        using var file = File.OpenRead(path);
        bool complete = format switch
        {
            PictureFormat.Png => PngChunks.Read(file).ReachesEnd,
            PictureFormat.Tiff => TiffHasItsTags(file),
            _ => true,
        };
        if (!complete)
            throw new PictureException(path, "The file ends before its end mark: a part is missing.", "Get it again from its source.");
    }

    // Private tags are not looked at: editors leave broken ones behind, and no pixel depends on them.
    private static bool TiffHasItsTags(FileStream file) =>
        IfdReader.Open(file) is not { } reader || reader.AllInside(reader.First, tag => tag is < FirstPrivateTag or ProfileTag);
}
