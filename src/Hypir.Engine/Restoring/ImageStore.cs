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
    /// <summary>What keeps a result from being written, as far as that can be told before it is computed; null where nothing does.</summary>
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
