using System.Collections.Concurrent;
using System.Diagnostics;
using Hypir.Core.Files;
using Hypir.Engine.Reporting;
using Hypir.Imaging;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Restoring;

/// <summary>Writes results. It uses no torch, so that any thread can do it.</summary>
/// <param name="job">What is to be done.</param>
/// <param name="places">Keeps images from being overwritten.</param>
/// <param name="interruption">Ends the run.</param>
internal sealed class ImageStore(RestoreCommandOptions job, ResultPlaces places, Interruption interruption)
{
    /// <summary>
    /// What keeps a result from being written, as far as that can be told before it is computed; null where nothing does.
    /// </summary>
    public static OutputException? Problem(ImageJob picture) => FolderAccess.Problem(picture.Output) is { } problem
        ? new($"The result of {picture.Input} cannot be written: {problem}", "Choose another --output.")
        : null;

    /// <summary>Makes the folder that a result goes to.</summary>
    /// <exception cref="OutputException">It cannot be made.</exception>
    public static void MakeFolder(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The folder {folder} cannot be made: {failure.Message}", "Choose another --output.", failure);
        }
    }

    /// <summary>Writes the result of an image.</summary>
    /// <param name="picture">The image.</param>
    /// <param name="before">What a report shows of it; null without.</param>
    /// <param name="soFar">Time that it took until now.</param>
    /// <param name="result">What came of it.</param>
    /// <exception cref="OutputException">It cannot be written.</exception>
    /// <exception cref="UsageException">It would replace an image.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted, and writing took too long.</exception>
    public Outcome Save(ImageJob picture, Preview? before, TimeSpan soFar, RestoreResult result)
    {
        var writing = Stopwatch.StartNew();
        places.Claim(picture);
        var saved = interruption.RunUninterrupted(() => Save(result.Picture, picture.Output));
        places.Written(picture);
        var after = job.Report is null ? null : Preview.Of(result.Picture, ImageFetcher.PreviewSide);
        return new Outcome(Kept: false, result.Picture.Width, result.Picture.Height, soFar + writing.Elapsed,
            [.. result.Picture.Metadata.Notes, .. result.Notes, .. saved.Notes])
        { Before = before, After = after };
    }

    private SaveReport Save(RasterImage picture, string path)
    {
        try
        {
            return ImageFile.Save(picture, path, job.Saving, interruption.WriteDeadline);
        }
        catch (ImageException failure)
        {
            throw new OutputException(failure.Message, failure.Remedy, failure);
        }
    }
}

/// <summary>
/// Keeps results from taking the place of images, of other files that the run reads, and of each other. Files are compared, not paths.
/// </summary>
internal sealed class ResultPlaces
{
    private readonly Dictionary<FileIdentity, string> _images = [];
    private readonly InputFiles _others;
    private readonly ConcurrentDictionary<FileIdentity, string> _written = [];

    /// <summary>Takes down what is read.</summary>
    /// <param name="pictures">The images.</param>
    /// <param name="job">What else is read.</param>
    public ResultPlaces(IEnumerable<ImageJob> pictures, RestoreCommandOptions job)
    {
        foreach (var picture in pictures)
            _images.TryAdd(FileIdentity.Of(picture.Input), picture.Input);
        _others = new([job.Model, .. job.Lora is { } lora ? [lora] : Array.Empty<string>()]);
    }

    /// <summary>Checks all results before anything is done.</summary>
    /// <param name="pictures">The images.</param>
    /// <param name="report">Where the report goes; null without.</param>
    /// <exception cref="UsageException">One would take the place of an image or of another result.</exception>
    public void Check(IEnumerable<ImageJob> pictures, string? report)
    {
        var results = new Dictionary<FileIdentity, string>();
        foreach (var picture in pictures)
        {
            var place = Protect(picture);
            if (!results.TryAdd(place, picture.Input))
                throw new UsageException(
                    $"{results[place]} and {picture.Input} would both become {picture.Output}.",
                    "Restore them in two calls with different outputs.");
        }

        if (report is null)
            return;
        var page = FileIdentity.Of(report);
        if (_images.TryGetValue(page, out string? image))
            throw new UsageException($"The report would take the place of the image {image}.", "Choose another --report.");
        if (results.TryGetValue(page, out string? source))
            throw new UsageException($"The report would take the place of the result of {source}.", "Choose another --report.");
        _others.Protect(report);
    }

    /// <summary>
    /// Checks a result again when it is about to be written: links may have changed since, and names that differ in letters only may turn
    /// out to be one.
    /// </summary>
    /// <exception cref="UsageException">It would take the place of an image or of another result.</exception>
    public void Claim(ImageJob picture)
    {
        var place = Protect(picture);
        if (_written.TryGetValue(place, out string? other))
            throw new UsageException(
                $"{other} has become {picture.Output} in this run: {picture.Input} would replace it.",
                "Restore them in two calls with different outputs.");
    }

    /// <summary>Remembers a result that was written.</summary>
    public void Written(ImageJob picture) => _written.TryAdd(FileIdentity.Of(picture.Output), picture.Input);

    private FileIdentity Protect(ImageJob picture)
    {
        var place = FileIdentity.Of(picture.Output);
        if (_images.TryGetValue(place, out string? image))
        {
            throw new UsageException(
                $"The result of {picture.Input} would take the place of the image {image}{(image == picture.Output ? "" : $" ({picture.Output} is the same file)")}.",
                "Images are never overwritten: choose another --output."
            );
        }
        _others.Protect(picture.Output);
        return place;
    }
}
