using Hypir.Core.Files;
using Hypir.Imaging.Formats;

namespace Hypir.Imaging;

/// <summary>The result of searching a folder for images. Everything that was skipped is listed.</summary>
public sealed class ImageSearch
{
    private readonly EnumerationOptions _options = new()
    {
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };
    private readonly HashSet<FileIdentity> _seen = [];
    private readonly List<string> _images = [], _leftOut = [], _loops = [];
    private readonly List<ImageException> _unreadable = [];

    private ImageSearch()
    {
    }

    /// <summary>Files with the extension of a supported image, in ordinal order of their paths.</summary>
    public IReadOnlyList<string> Images => _images;

    /// <summary>Files with the extension of an unsupported image format, such as HEIC or camera raw.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Links to folders that were already searched.</summary>
    public IReadOnlyList<string> Loops => _loops;

    /// <summary>Folders that could not be searched.</summary>
    public IReadOnlyList<ImageException> Unreadable => _unreadable;

    /// <summary>
    /// Searches a folder. Hidden files are skipped, and each real folder is searched once, no matter how many links lead to it.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="recursive">Whether its subfolders are searched too.</param>
    public static ImageSearch In(string folder, bool recursive)
    {
        var search = new ImageSearch();
        // Links come last, so that their targets are found under their own names if they have one here.
        var links = new Queue<string>([folder]);
        while (links.TryDequeue(out string? link))
        {
            if (search._seen.Add(FileIdentity.Of(link)))
                search.Walk(link, recursive, links);
            else
                search._loops.Add(link);
        }

        foreach (var list in (List<string>[])[search._images, search._leftOut, search._loops])
            list.Sort(StringComparer.Ordinal);
        return search;
    }

    /// <summary>Summarizes files: "3 files left out: 2 HEIC, 1 CR2".</summary>
    /// <param name="files">Files of unsupported formats; at least one.</param>
    public static string Describe(IReadOnlyCollection<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var kinds = files
            .GroupBy(ImageFormats.KindOf)
            .OrderByDescending(kind => kind.Count())
            .ThenBy(kind => kind.Key, StringComparer.Ordinal);
        return $"{files.Count} {(files.Count == 1 ? "file" : "files")} left out: "
            + $"{string.Join(", ", kinds.Select(kind => $"{kind.Count()} {kind.Key}"))}";
    }

    /// <summary>The same summary, followed by the supported formats.</summary>
    /// <param name="files">Files of unsupported formats; at least one.</param>
    public static string Explain(IReadOnlyCollection<string> files) =>
        $"{Describe(files)}. Supported formats: PNG, JPEG, WebP, TIFF, BMP, GIF.";

    private void Walk(string folder, bool recursive, Queue<string> links)
    {
        FileSystemInfo[] entries;
        try
        {
            entries =
            [
                .. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", _options).OrderBy(entry => entry.Name, StringComparer.Ordinal),
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string why = failure is UnauthorizedAccessException ? "permission denied" : failure.Message;
            _unreadable.Add(new(folder, $"This folder cannot be opened: {why}.", "Check its permissions.", failure));
            return;
        }

        foreach (var entry in entries)
        {
            string path = Path.Combine(folder, entry.Name);
            if (entry is not DirectoryInfo)
                Take(path);
            else if (recursive && entry.LinkTarget is not null)
                links.Enqueue(path);
            else if (recursive && _seen.Add(FileIdentity.Of(path)))
                Walk(path, recursive, links);
            else if (recursive)
                _loops.Add(path);
        }
    }

    private void Take(string path)
    {
        if (ImageFormats.HasImageExtension(path))
            _images.Add(path);
        else if (ImageFormats.IsUnreadImage(path))
            _leftOut.Add(path);
    }
}
