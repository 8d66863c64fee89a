using Hypir.Imaging;
using Hypir.Imaging.Formats;

namespace Hypir.Engine.Restoring;

/// <summary>Finds the images in the given files and folders, and names their results. It reads folders but opens no images.</summary>
internal sealed class ImageFinder
{
    private readonly RestoreCommandOptions _job;
    private readonly bool _outputIsFolder;
    private readonly bool _severalFolders;
    private readonly ResultNames _names;

    private readonly IReadOnlyList<string> _known;
    private readonly List<ImageSearch> _searches = [];
    private readonly List<string> _earlier = [];

    private ImageFinder(RestoreCommandOptions job, IReadOnlyList<string> known)
    {
        _job = job;
        // What is named is meant.
        _known = [.. known.Where(folder => !job.Inputs.Any(input => IsWithin(input, folder + Path.DirectorySeparatorChar)))];
        _outputIsFolder = job.Output is { } output && IsFolder(output);
        _severalFolders = _outputIsFolder && job.Inputs.Where(Directory.Exists).DistinctBy(Path.GetFullPath).Count() > 1;
        _names = new(job, _outputIsFolder);
    }

    /// <summary>Returns the images in the given order; those in a folder are sorted by name.</summary>
    /// <param name="job">The job.</param>
    /// <param name="known">Folders that earlier runs wrote their results to.</param>
    /// <exception cref="UsageException">The output does not fit the inputs: one file for several images, or an unsupported
    /// format.</exception>
    /// <exception cref="ImageException">The folders contain no readable image.</exception>
    public static FoundImages Find(RestoreCommandOptions job, IReadOnlyList<string> known)
    {
        var finder = new ImageFinder(job, known);
        List<ImageJob> found = [];
        foreach (string input in Wildcards.Expand(job.Inputs))
            found.AddRange(Directory.Exists(input) ? finder.InFolder(input) : [finder.ForFile(input)]);
        // The same file by several ways is one image.
        found = [.. found.DistinctBy(image => Path.GetFullPath(image.Input), ResultNames.Paths)];
        finder.Check(found);
        return new(
            finder._names.Resolve(found),
            [.. finder._searches.SelectMany(search => search.LeftOut)],
            [.. finder._searches.SelectMany(search => search.Loops)],
            [.. finder._searches.SelectMany(search => search.Unreadable)])
        {
            Earlier = finder._earlier,
            Folder = finder._outputIsFolder ? job.Output : null,
        };
    }

    private IEnumerable<ImageJob> InFolder(string folder)
    {
        if (_job.Output is not null && !_outputIsFolder)
            throw new UsageException($"{folder} is a folder, but the output {_job.Output} is a file.", "Name a folder after --output.");
        string? results = _outputIsFolder ? Path.GetFullPath(_job.Output!) + Path.DirectorySeparatorChar : null;
        var search = ImageSearch.In(folder, _job.Recursive);
        _searches.Add(search);
        string[] files = [.. search.Images
            // Skip results of an earlier run.
            .Where(file => !_names.IsResult(file))
            .Where(file => results is null || IsWithin(folder, results) || !IsWithin(file, results))];
        if (files.Length == 0)
            throw Nothing(folder, search);
        files = WithoutEarlier(folder, files);
        // Several folders would mix their images in one.
        string below = _severalFolders ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) : "";
        return files.Select(file => _names.First(file, Path.GetRelativePath(folder, file), below));
    }

    /// <summary>
    /// Leaves out what earlier runs wrote to folders within this one; unless it is all there is, because then it must be meant.
    /// </summary>
    private string[] WithoutEarlier(string folder, string[] files)
    {
        string[] earlier = [.. _known.Where(known => files.Any(file => IsWithin(file, known + Path.DirectorySeparatorChar)))];
        string[] left = [.. files.Where(file => !earlier.Any(known => IsWithin(file, known + Path.DirectorySeparatorChar)))];
        if (left.Length == 0)
            return files;
        _earlier.AddRange(earlier.Select(known => Path.Combine(folder, Path.GetRelativePath(folder, known))));
        return left;
    }

    private HypirException Nothing(string folder, ImageSearch search) =>
        search switch
        {
            { Unreadable: [var first, ..] } => first,
            { LeftOut.Count: > 0 } => new ImageException(
                folder, $"It contains no readable image; {ImageSearch.Describe(search.LeftOut)}.",
                "Convert them to PNG, JPEG or TIFF first."),
            _ => new UsageException(
                $"{folder} contains no images.",
                _job.Recursive
                    ? $"Images end in {string.Join(", ", ImageFormats.Extensions)}."
                    : "Pass --recursive to search its subfolders too."
            ),
        };

    private ImageJob ForFile(string file) => _names.First(file, Path.GetFileName(file), "");

    private void Check(List<ImageJob> found)
    {
        if (found.Count > 1 && _job.Output is not null && !_outputIsFolder)
            throw new UsageException(
                $"{found.Count} images cannot all become {_job.Output}.",
                "Name a folder after --output, with a / at its end if it does not exist yet.");
        if (_job.Output is not null && !_outputIsFolder)
            CheckFormat(_job.Output);
        if (_job.Format is { } format && _job.Output is { } output && !_outputIsFolder
            && ImageFormats.ForWriting(output) != ImageFormats.ForWriting(format))
            throw new UsageException($"--format {format[1..]} does not fit {output}.", "Leave --format out, or name a folder.");
    }

    private static void CheckFormat(string path)
    {
        try
        {
            ImageFormats.ForWriting(path);
        }
        catch (ImageException failure)
        {
            throw new UsageException(failure.Message, failure.Remedy);
        }
    }

    /// <summary>A path is a folder if it exists as one, ends in a separator, or has no extension of a known format.</summary>
    private static bool IsFolder(string path) => Directory.Exists(path) || Path.EndsInDirectorySeparator(path)
        || (!File.Exists(path) && Path.GetExtension(path).Length == 0);

    private static bool IsWithin(string path, string folder) =>
        (Path.GetFullPath(path) + Path.DirectorySeparatorChar).StartsWith(
            folder, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}

/// <summary>The images found in the inputs.</summary>
/// <param name="Images">The images.</param>
/// <param name="LeftOut">Files in folders that are images in unsupported formats.</param>
/// <param name="Loops">Links to folders that were already searched.</param>
/// <param name="Unreadable">Folders that could not be searched.</param>
internal sealed record FoundImages(
    IReadOnlyList<ImageJob> Images, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Loops, IReadOnlyList<ImageException> Unreadable)
{
    /// <summary>Folders of earlier runs' results, which are left out.</summary>
    public IReadOnlyList<string> Earlier { get; init; } = [];

    /// <summary>The folder for the results; null if each is written beside its image, or if there is one file.</summary>
    public string? Folder { get; init; }

    /// <summary>The images of a shard. The first shard reports what was left out.</summary>
    public FoundImages Of(Shard? shard) => shard is null ? this
        : shard.Index == 0 ? this with { Images = shard.Of(Images) }
        : new(shard.Of(Images), [], [], []) { Folder = Folder };
}

/// <summary>One image and where its result goes.</summary>
/// <param name="Input">The image file, as given by the user.</param>
/// <param name="Output">The result's file.</param>
/// <param name="Name">The path within the searched folder, or the file's name; used to look up prompts.</param>
internal sealed record ImageJob(string Input, string Output, string Name)
{
    /// <summary>The subfolder of the output for the searched folder; empty for none.</summary>
    public string Below { get; init; } = "";
}
