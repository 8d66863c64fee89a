using Hypir.Imaging;
using Hypir.Imaging.Formats;

namespace Hypir.Engine.Restoring;

/// <summary>Finds the images that are meant by files and folders, and names each one's result. It reads folders only, no image.</summary>
internal sealed class ImageFinder
{
    /// <summary>What a result beside its image is called.</summary>
    public const string Suffix = ".restored.png";

    private readonly RestoreCommandOptions _job;
    private readonly bool _outputIsFolder;

    private readonly List<ImageSearch> _searches = [];

    private ImageFinder(RestoreCommandOptions job)
    {
        _job = job;
        _outputIsFolder = job.Output is { } output && IsFolder(output);
    }

    /// <summary>The images in order: as they were named, those of a folder by name.</summary>
    /// <exception cref="UsageException">An output does not fit the inputs: one file for several images, or a format that is not
    /// written.</exception>
    /// <exception cref="ImageException">Folders hold no image that can be read.</exception>
    public static FoundImages Find(RestoreCommandOptions job)
    {
        var finder = new ImageFinder(job);
        List<ImageJob> found = [];
        foreach (string input in job.Inputs)
            found.AddRange(Directory.Exists(input) ? finder.InFolder(input) : [finder.ForFile(input)]);
        finder.Check(found);
        return new(
            found, [.. finder._searches.SelectMany(search => search.LeftOut)], [.. finder._searches.SelectMany(search => search.Loops)],
            [.. finder._searches.SelectMany(search => search.Unreadable)]);
    }

    private IEnumerable<ImageJob> InFolder(string folder)
    {
        if (_job.Output is not null && !_outputIsFolder)
            throw new UsageException($"{folder} is a folder, but the output {_job.Output} is a file.", "Name a folder after --output.");
        string? results = _outputIsFolder ? Path.GetFullPath(_job.Output!) + Path.DirectorySeparatorChar : null;
        var search = ImageSearch.In(folder, _job.Recursive);
        _searches.Add(search);
        string[] files = [.. search.Images
            // Results of an earlier run are no images to restore.
            .Where(file => !file.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase))
            .Where(file => results is null || IsWithin(folder, results) || !IsWithin(file, results))];
        if (files.Length == 0)
            throw Nothing(folder, search);
        return files.Select(file => Result(file, Path.GetRelativePath(folder, file)));
    }

    private HypirException Nothing(string folder, ImageSearch search) =>
        search switch
        {
            { Unreadable: [var first, ..] } => first,
            { LeftOut.Count: > 0 } => new ImageException(
                folder, $"It holds no image that can be read; {ImageSearch.Describe(search.LeftOut)}.",
                "Convert them to PNG, JPEG or TIFF first."),
            _ => new UsageException(
                $"{folder} holds no image.",
                _job.Recursive
                    ? $"Images end in {string.Join(", ", ImageFormats.Extensions)}."
                    : "With --recursive its subfolders are searched too."
            ),
        };

    private ImageJob ForFile(string file) => Result(file, Path.GetFileName(file));

    private ImageJob Result(string file, string name) => new(file, _job.Output is null ? Path.ChangeExtension(file, null) + Suffix
        : _outputIsFolder ? Path.Combine(_job.Output, Writable(name))
        : _job.Output, name);

    /// <summary>The same name; GIF, which is only read, becomes PNG.</summary>
    private static string Writable(string name) => name.EndsWith(".gif", StringComparison.OrdinalIgnoreCase) ? name + ".png" : name;

    private void Check(List<ImageJob> found)
    {
        if (found.Count > 1 && _job.Output is not null && !_outputIsFolder)
            throw new UsageException(
                $"{found.Count} images cannot all become {_job.Output}.",
                "Name a folder after --output, with a / at its end if it does not exist yet.");
        if (_job.Output is not null && !_outputIsFolder)
            CheckFormat(_job.Output);
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

    /// <summary>A path is a folder if it is one, ends like one, or has no extension that says a format.</summary>
    private static bool IsFolder(string path) => Directory.Exists(path) || Path.EndsInDirectorySeparator(path)
        || (!File.Exists(path) && Path.GetExtension(path).Length == 0);

    private static bool IsWithin(string path, string folder) =>
        (Path.GetFullPath(path) + Path.DirectorySeparatorChar).StartsWith(
            folder, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}

/// <summary>What the inputs of a call hold.</summary>
/// <param name="Images">The images.</param>
/// <param name="LeftOut">Files of folders that are images of kinds that are not read.</param>
/// <param name="Loops">Links to folders that were searched already.</param>
/// <param name="Unreadable">Folders that could not be searched.</param>
internal sealed record FoundImages(
    IReadOnlyList<ImageJob> Images, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Loops, IReadOnlyList<ImageException> Unreadable)
{
    /// <summary>The part of the images that a shard is to do. The first shard tells of what was left out.</summary>
    public FoundImages Of(Shard? shard) => shard is null ? this
        : shard.Index == 0 ? this with { Images = shard.Of(Images) }
        : new(shard.Of(Images), [], [], []);
}

/// <summary>One image and where its result goes.</summary>
/// <param name="Input">The image file, as the person named it.</param>
/// <param name="Output">The result's file.</param>
/// <param name="Name">The path within the folder that was searched, or the file's name: what prompts are looked up by.</param>
internal sealed record ImageJob(string Input, string Output, string Name);
