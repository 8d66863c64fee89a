using Hypir.Core.Files;
using Hypir.Imaging;
using Hypir.Imaging.Formats;

namespace Hypir.Training.Data.Manifests;

/// <summary>
/// Lists of images: Parquet with columns of paths and captions, and text files (.txt, .list) with one path per line, both as in the
/// reference; also CSV with a heading, JSON lines, folders, and images themselves.
/// </summary>
public static class Manifest
{
    /// <summary>Reads a list.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="settings">Columns and prefix; its <see cref="ManifestSettings.FileList"/> is ignored.</param>
    /// <param name="recursive">Whether to search subfolders of a folder too.</param>
    /// <exception cref="ManifestException">The path does not exist, has an unknown format, is damaged, or lacks a column.</exception>
    public static IReadOnlyList<ManifestEntry> Read(string path, ManifestSettings settings, bool recursive = false)
    {
        try
        {
            if (Directory.Exists(path))
                return Folder(path, recursive);
            if (!File.Exists(path))
                throw new ManifestException(
                    $"{path} does not exist.", "Name an image, a folder, or a list (.parquet, .csv, .jsonl, .txt, .list).");
            RegularFile.Require(path);
            if (ImageFormats.HasImageExtension(path))
                return [new(path, "")];
            var rows = Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".parquet" => ParquetRows.Read(path, settings),
                ".csv" => CsvRows.Read(path, settings),
                ".jsonl" or ".ndjson" => JsonRows.Read(path, settings),
                ".txt" or ".list" => File.ReadLines(path).Select(line => new ManifestEntry(line.Trim(), "")),
                var other => throw new ManifestException($"{path}: \"{other}\" is neither an image's extension nor a list's.",
                    "Images are PNG, JPEG, WebP, TIFF, BMP and GIF, lists .parquet, .csv, .jsonl, .txt and .list."),
            };
            return
            [
                .. rows.Where(row => row.Path.Length > 0)
                    .Select(row => row with { Path = Resolve(row.Path, settings.ImagePathPrefix, path) }),
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException($"{path} cannot be read: {failure.Message}", "Check the path and its permissions.", failure);
        }
    }

    /// <summary>Images in unsupported formats, if the path is a folder.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="recursive">Whether to search subfolders of a folder too.</param>
    public static IReadOnlyList<string> LeftOut(string path, bool recursive) =>
        Directory.Exists(path) ? ImageSearch.In(path, recursive).LeftOut : [];

    private static ManifestEntry[] Folder(string path, bool recursive)
    {
        var search = ImageSearch.In(path, recursive);
        if (search.Unreadable is [var first, ..])
            throw new ManifestException(first.Message, first.Remedy, first);
        if (search is { Images: [], LeftOut.Count: > 0 })
            throw new ManifestException(
                $"{path}: contains no readable image; {ImageSearch.Describe(search.LeftOut)}.",
                "Convert them to PNG, JPEG or TIFF first.");
        return [.. search.Images.Select(file => new ManifestEntry(file, ""))];
    }

    /// <summary>
    /// Prepends the prefix to relative paths. A file that does not exist relative to the working folder, as in the reference, is looked up
    /// next to the list.
    /// </summary>
    private static string Resolve(string path, string prefix, string list)
    {
        string joined = Path.Combine(prefix, path);
        string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(list))!, joined);
        return !File.Exists(joined) && File.Exists(beside) ? beside : joined;
    }
}

/// <summary>An image of a list.</summary>
/// <param name="Path">Its file, which is not checked for existence until it is used.</param>
/// <param name="Prompt">Its caption; "" if there is none.</param>
public sealed record ManifestEntry(string Path, string Prompt);

/// <summary>A list of images cannot be read or is empty.</summary>
/// <inheritdoc/>
public sealed class ManifestException(string message, string? remedy = null, Exception? inner = null)
    : HypirException(message, remedy, inner);

/// <summary>How a list of images is read.</summary>
public sealed record ManifestSettings
{
    /// <summary>
    /// The list: a file (.parquet, .csv, .jsonl, .txt, .list), a folder or an image. Null if not configured.
    /// </summary>
    public string? FileList { get; init; }

    /// <summary>The folder that paths in the list are relative to; "" for none.</summary>
    public string ImagePathPrefix { get; init; } = "";

    /// <summary>The column of paths, for lists that have columns.</summary>
    public string ImagePathKey { get; init; } = "image_path";

    /// <summary>The column of captions; "none" for no captions; null for the column "prompt" if present.</summary>
    public string? PromptKey { get; init; }
}
