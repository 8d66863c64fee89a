using System.Collections.Concurrent;
using System.Diagnostics;
using Hypir.Core.Files;
using Hypir.Engine.Reporting;
using Hypir.Imaging;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Restoring;

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
    /// <param name="before">The preview for the report; null if there is no report.</param>
    /// <param name="soFar">Time taken so far.</param>
    /// <param name="result">The result.</param>
    /// <exception cref="OutputException">The result cannot be written.</exception>
    /// <exception cref="UsageException">It would overwrite an image.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted, and writing took too long.</exception>
    public Outcome Save(ImageJob image, Preview? before, TimeSpan soFar, RestoreResult result)
    {
        var writing = Stopwatch.StartNew();
        places.Claim(image);
        var saved = interruption.RunUninterrupted(() => Save(result.Image, image.Output));
        places.Written(image);
        var after = job.Report is null ? null : Preview.Of(result.Image, ImageFetcher.PreviewSide);
        return new Outcome(Kept: false, result.Image.Width, result.Image.Height, soFar + writing.Elapsed,
            [.. result.Image.Metadata.Notes, .. result.Notes, .. saved.Notes])
        { Before = before, After = after };
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
        _others = new([job.Model, .. job.Lora is { } lora ? [lora] : Array.Empty<string>()]);
    }

    /// <summary>Checks all results before anything is done.</summary>
    /// <param name="images">The images.</param>
    /// <param name="report">The report's file; null if none.</param>
    /// <exception cref="UsageException">A result would overwrite an image or another result.</exception>
    public void Check(IEnumerable<ImageJob> images, string? report)
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

        if (report is null)
            return;
        var page = FileIdentity.Of(report);
        if (_images.TryGetValue(page, out string? original))
            throw new UsageException($"The report would overwrite the image {original}.", "Choose another --report.");
        if (results.TryGetValue(page, out string? source))
            throw new UsageException($"The report would overwrite the result of {source}.", "Choose another --report.");
        _others.Protect(report);
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
