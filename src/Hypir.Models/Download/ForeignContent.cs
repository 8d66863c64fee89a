using System.Text;

namespace Hypir.Models.Download;

/// <summary>Recognizes, by the first bytes, content that servers send instead of a file.</summary>
internal static class ForeignContent
{
    /// <summary>The number of bytes examined.</summary>
    public const int HeadBytes = 512;

    /// <exception cref="DownloadException">This is a web page, a git-LFS pointer or an error message.</exception>
    public static void Refuse(ReadOnlySpan<byte> head, Uri source)
    {
        string text = Encoding.Latin1.GetString(head).TrimStart('ï', '»', '¿', ' ', '\t', '\r', '\n');
        if (Begins(text, "<!doctype html") || Begins(text, "<html"))
            throw new DownloadException(DownloadErrorKind.WebPage, $"{Place(source)} sent a web page in place of the file.",
                "A sign-in page of the network or the host? Open the address in a browser to see it.");
        if (Begins(text, "version https://git-lfs"))
            throw new DownloadException(
                DownloadErrorKind.LfsPointer, $"{Place(source)} sent a git-LFS pointer, a placeholder for the file.",
                "The address belongs to the repository's text, not to the file's download.");
        if (Begins(text, "<?xml") || Begins(text, "{\"error\"") || Begins(text, "Entry not found") || Begins(text, "Invalid username"))
            throw new DownloadException(
                DownloadErrorKind.ServerMessage, $"{Place(source)} sent an error message in place of the file: {FirstLine(text)}");
    }

    /// <summary>The server or folder of an address, for messages.</summary>
    public static string Place(Uri source) => source.IsFile ? source.LocalPath : source.Authority;

    private static bool Begins(string text, string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    private static string FirstLine(string text)
    {
        string line = new([.. text.Split('\n')[0].Where(c => !char.IsControl(c)).Take(120)]);
        return line.Length > 0 ? line : "(nothing readable)";
    }
}
