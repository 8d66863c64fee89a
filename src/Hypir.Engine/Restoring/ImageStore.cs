using System.Collections.Concurrent;
using System.Diagnostics;
using Hypir.Core.Files;
using Hypir.Engine.Reporting;
using Hypir.Imaging;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Restoring;

/// <summary>What a report shows of an image.</summary>
/// <param name="Before">The preview; null if there is no report.</param>
/// <param name="Detail">Its middle, pixel by pixel; null if the preview shows each pixel.</param>
/// <param name="DetailShare">The part of width and height that is the middle; null if the preview shows each pixel.</param>
internal sealed record ShownImage(Preview? Before, Preview? Detail, (double Width, double Height)? DetailShare);

/// <summary>Writes results. It does not use torch, so it can run on any thread.</summary>
/// <param name="job">The job.</param>
/// <param name="places">Prevents images from being overwritten.</param>
/// <param name="interruption">Cancels the run.</param>
internal sealed class ImageStore(RestoreCommandOptions job, ResultPlaces places, Interruption interruption)
{
    /// <summary>
    /// The reason why a result cannot be written, as far as it is known before computing; null if none.
    /// </summary>
    public static OutputException? Problem(ImageJob image) => FolderAccess.Problem(image.Output) is { } problem
        ? new($"The result of {image.Input} cannot be written: {problem}", "Choose another --output.")
        : null;

    /// <summary>Creates the folder of a result.</summary>
    /// <exception cref="OutputException">The folder cannot be created.</exception>
    public static void MakeFolder(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The folder {folder} cannot be created: {failure.Message}", "Choose another --output.", failure);
        }
    }

    /// <summary>Writes the result of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="shown">What the report shows of the image.</param>
    /// <param name="soFar">Time taken so far.</param>
    /// <param name="result">The result.</param>
    /// <exception cref="OutputException">The result cannot be written.</exception>
    /// <exception cref="UsageException">It would overwrite an image.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted, and writing took too long.</exception>
    public Outcome Save(ImageJob image, ShownImage shown, TimeSpan soFar, RestoreResult result)
    {
        var writing = Stopwatch.StartNew();
        places.Claim(image);
        var saved = interruption.RunUninterrupted(() => Save(result.Image, image.Output));
        places.Written(image);
        if (job.Map is { } map && result.Map is { } departures)
            interruption.RunUninterrupted(() => Save(departures.ToImage(), map));
        var after = job.Report is null ? null : Preview.Of(result.Image, ImageFetcher.PreviewSide);
        return new Outcome(Kept: false, result.Image.Width, result.Image.Height, soFar + writing.Elapsed,
            [.. result.Image.Metadata.Notes, .. result.Notes, .. saved.Notes])
        {
            Before = shown.Before,
            After = after,
            BeforeDetail = shown.Detail,
            AfterDetail = after is not null && shown.DetailShare is { } share ? Preview.OfMiddle(result.Image, share) : null,
        };
    }

    private SaveReport Save(RasterImage image, string path)
    {
        try
        {
            return ImageFile.Save(image, path, job.Saving, interruption.WriteDeadline);
        }
        catch (ImageException failure)
        {
            throw new OutputException(failure.Message, failure.Remedy, failure);
        }
    }
}

/// <summary>
/// Prevents results from overwriting images, other inputs of the run, and each other. It compares file identities, not paths.
/// </summary>
internal sealed class ResultPlaces
{
    private readonly Dictionary<FileIdentity, string> _images = [];
    private readonly InputFiles _others;
    private readonly ConcurrentDictionary<FileIdentity, string> _written = [];

    /// <summary>Records the inputs.</summary>
    /// <param name="images">The images.</param>
    /// <param name="job">The job, with its other inputs.</param>
    public ResultPlaces(IEnumerable<ImageJob> images, RestoreCommandOptions job)
    {
        foreach (var image in images)
            _images.TryAdd(FileIdentity.Of(image.Input), image.Input);
        _others = new([job.Model, .. ((string?[])[job.Lora, job.Mask]).OfType<string>()]);
    }

    /// <summary>Checks all results before anything is done.</summary>
    /// <param name="images">The images.</param>
    /// <param name="job">The job, with the report's and the map's file.</param>
    /// <exception cref="UsageException">A result would overwrite an image or another result.</exception>
    public void Check(IReadOnlyList<ImageJob> images, RestoreCommandOptions job)
    {
        var results = new Dictionary<FileIdentity, string>();
        foreach (var image in images)
        {
            var place = Protect(image);
            if (!results.TryAdd(place, image.Input))
                throw new UsageException(
                    $"{results[place]} and {image.Input} would both become {image.Output}.",
                    "Restore them in two calls with different outputs.");
        }

        if (job.Report is { } report)
            Protect(report, "report", results);
        if (job.Map is not { } map)
            return;
        if (images.Count != 1)
            throw new UsageException("--map is for a single image.", "Restore the images one by one, each with a map of its own.");
        if (File.Exists(map) && !job.Overwrite)
            throw new UsageException($"{map} already exists.", "Name another file after --map, or add --overwrite.");
        Protect(map, "map", results);
        if (FolderAccess.Problem(map) is { } problem)
            throw new OutputException($"The map {map} cannot be written: {problem}", "Choose another --map.");
    }

    private void Protect(string file, string what, Dictionary<FileIdentity, string> results)
    {
        var place = FileIdentity.Of(file);
        if (_images.TryGetValue(place, out string? original))
            throw new UsageException($"The {what} would overwrite the image {original}.", $"Choose another --{what}.");
        if (results.TryGetValue(place, out string? source))
            throw new UsageException($"The {what} would overwrite the result of {source}.", $"Choose another --{what}.");
        _others.Protect(file);
    }

    /// <summary>
    /// Checks a result again just before it is written: links may have changed since, and names that differ only in case may be the same
    /// file.
    /// </summary>
    /// <exception cref="UsageException">The result would overwrite an image or another result.</exception>
    public void Claim(ImageJob image)
    {
        var place = Protect(image);
        if (_written.TryGetValue(place, out string? other))
            throw new UsageException(
                $"{other} has become {image.Output} in this run: {image.Input} would replace it.",
                "Restore them in two calls with different outputs.");
    }

    /// <summary>Records a written result.</summary>
    public void Written(ImageJob image) => _written.TryAdd(FileIdentity.Of(image.Output), image.Input);

    private FileIdentity Protect(ImageJob image)
    {
        var place = FileIdentity.Of(image.Output);
        if (_images.TryGetValue(place, out string? original))
        {
            throw new UsageException(
                $"The result of {image.Input} would overwrite the image {original}"
                    + (original == image.Output ? "." : $" ({image.Output} is the same file)."),
                "Images are never overwritten: choose another --output."
            );
        }
        _others.Protect(image.Output);
        return place;
    }
}
