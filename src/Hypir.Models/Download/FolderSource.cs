using Hypir.Core.Files;

namespace Hypir.Models.Download;

/// <summary>Reads a file of a folder on this machine or in its network as if it were downloaded.</summary>
/// <param name="source">The file's address.</param>
internal sealed class FolderSource(Uri source)
{
    /// <summary>Opens the file.</summary>
    /// <param name="from">First byte that is wanted.</param>
    /// <exception cref="DownloadException">It is not there or cannot be read.</exception>
    public SourceResponse Open(long from)
    {
        try
        {
            var stream = new FileStream(RegularFile.Require(source.LocalPath), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            long start = from <= stream.Length ? from : 0;
            stream.Position = start;
            return new SourceResponse(stream, start, new PartNotes(source.ToString(), null, File.GetLastWriteTimeUtc(source.LocalPath), stream.Length), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DownloadException(DownloadErrorKind.NotFound, $"{source.LocalPath} is not there.", "Check the folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DownloadException(DownloadErrorKind.Forbidden, $"{source.LocalPath} cannot be read: {e.Message}", "Check the rights to read it.", e);
        }
    }
}
