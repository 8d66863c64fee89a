using Hypir.Imaging.Metadata;

namespace Hypir.Imaging.Formats;

/// <summary>
/// Finds files that end early in a place where the decoders do not mind: behind the pixels, where TIFF has its palette or profile and PNG its end.
/// </summary>
internal static class FileEnd
{
    private const ushort ProfileTag = 34675, FirstPrivateTag = 0x8000;

    // Texts: no pixel depends on them either.
    private static readonly HashSet<ushort> Texts = [269, 270, 271, 272, 285, 305, 306, 315, 316, 333];

    /// <summary>Checks a TIFF file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pageAt">Where the directory of the page that is read lies.</param>
    /// <exception cref="ImageException">It ends early.</exception>
    internal static void CheckTiff(string path, long pageAt)
    {
        using var file = File.OpenRead(path);
        Check(path, TiffHasItsTags(file, pageAt));
    }

    /// <summary>Checks a PNG file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="chunks">What it consists of.</param>
    /// <exception cref="ImageException">It ends early.</exception>
    internal static void CheckPng(string path, PngChunks chunks) => Check(path, chunks.ReachesEnd);

    private static void Check(string path, bool complete)
    {
        if (!complete)
            throw new ImageException(path, "The file ends before its end mark: a part is missing.", "Get it again from its source.");
    }

    // Private tags are not looked at: editors leave broken ones behind, and no pixel depends on them.
    private static bool TiffHasItsTags(FileStream file, long pageAt) =>
        IfdReader.Open(file) is not { } reader || reader.AllInside(pageAt, tag => (tag < FirstPrivateTag && !Texts.Contains(tag)) || tag == ProfileTag);
}
