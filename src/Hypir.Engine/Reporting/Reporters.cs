using System.Globalization;
using Hypir.Engine.Restoring;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>Reports on a run: to a terminal, a log, or a program.</summary>
internal interface IReporter
{
    /// <summary>The job is valid and starts.</summary>
    /// <param name="images">Number of images.</param>
    void Started(int images);

    /// <summary>Reports what the folder search skipped; called before anything is computed.</summary>
    /// <param name="found">What was found, and what was not taken.</param>
    void LeftOut(FoundImages found);

    /// <summary>An image was planned; called before any computation.</summary>
    void Planned(ImageJob image, PlanSummary plan, bool dryRun);

    /// <summary>Runs the work on one image and shows its progress.</summary>
    /// <param name="image">The image.</param>
    /// <param name="forecast">Expects the time of the whole run.</param>
    /// <param name="work">The work, which receives the progress sink; called once, on this thread.</param>
    T RunWithProgress<T>(ImageJob image, BatchForecast forecast, Func<IProgress<RestoreProgress>, T> work);

    /// <summary>An image is done.</summary>
    void Done(ImageJob image, Outcome outcome);

    /// <summary>An image failed, or the whole run if it is null.</summary>
    void Failed(ImageJob? image, Exception failure);

    /// <summary>The run is over.</summary>
    void Finished(BatchSummary summary);

    /// <summary>A dry run is over.</summary>
    void Planned(PlanTotals totals);

    /// <summary>The process is about to end in the middle of its work; called from another thread.</summary>
    /// <param name="run">How far it got.</param>
    void ReportForcedExit(CancelledRunException run);
}

/// <summary>Chooses a reporter.</summary>
internal static class Reporters
{
    /// <summary>JSON if requested, a progress bar on a terminal, plain lines otherwise.</summary>
    public static IReporter Choose(bool json, bool verbose)
    {
        if (json)
            return new JsonReporter(Console.Out, verbose);
        return !Console.IsOutputRedirected && ErrorConsole.IsLive(ErrorConsole.Open())
            ? new LiveReporter(verbose)
            : new TextReporter(verbose);
    }
}

/// <summary>Reports nothing but errors.</summary>
internal sealed class QuietReporter : IReporter
{
    /// <inheritdoc/>
    public void Started(int images)
    {
        // Nothing is printed.
    }

    /// <inheritdoc/>
    public void LeftOut(FoundImages found)
    {
        // The exit code tells that something was left out.
    }

    /// <inheritdoc/>
    public void Planned(ImageJob image, PlanSummary plan, bool dryRun)
    {
        // Nothing is printed.
    }

    /// <inheritdoc/>
    public T RunWithProgress<T>(ImageJob image, BatchForecast forecast, Func<IProgress<RestoreProgress>, T> work) =>
        work(new Observer(_ => { }));

    /// <inheritdoc/>
    public void Done(ImageJob image, Outcome outcome)
    {
        // Nothing is printed.
    }

    /// <inheritdoc/>
    public void Failed(ImageJob? image, Exception failure) => ErrorText.Write(failure, verbose: false);

    /// <inheritdoc/>
    public void Finished(BatchSummary summary)
    {
        // Nothing is printed.
    }

    /// <inheritdoc/>
    public void Planned(PlanTotals totals)
    {
        // Nothing is printed.
    }

    /// <inheritdoc/>
    public void ReportForcedExit(CancelledRunException run) => ErrorText.WriteAtExit(run);
}

/// <summary>Reports progress synchronously on the computing thread, unlike <see cref="Progress{T}"/>, which posts to another
/// thread.</summary>
/// <param name="tell">Receives the progress.</param>
internal sealed class Observer(Action<RestoreProgress> tell) : IProgress<RestoreProgress>
{
    /// <inheritdoc/>
    public void Report(RestoreProgress value) => tell(value);
}

/// <summary>The settings listed in a report.</summary>
internal static class ReportSettings
{
    /// <summary>The settings of a job, as names and values; defaults are listed only where they matter.</summary>
    /// <param name="job">The job.</param>
    /// <param name="begun">When it began.</param>
    public static IEnumerable<(string Name, string Value)> Of(RestoreCommandOptions job, DateTimeOffset begun)
    {
        var options = job.Options;
        yield return ("Date", begun.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture));
        yield return ("Version", "Hypir " + Commands.ProgramVersion.Text);
        yield return ("Machine", Environment.MachineName);
        yield return ("Images", string.Join(", ", job.Inputs));
        if (job.Output is { } output)
            yield return ("Output", output);
        if (job.Shard is { } shard)
            yield return ("Shard", shard.ToString());
        yield return ("Model", Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(job.Model))));
        if (job.Lora is { } lora)
            yield return ("LoRA", Path.GetFileName(lora));
        yield return SizeOf(options);
        if (options.Area is { } area)
            yield return ("Crop", area.ToString());
        if (job.Mask is { } mask)
            yield return ("Mask", Path.GetFileName(mask));
        if (job.Map is { } map)
            yield return ("Map", Path.GetFileName(map));
        yield return ("Strength", Text(options.Strength));
        if (options.Prompt.Length > 0)
            yield return ("Prompt", options.Prompt);
        if (job.PromptFolder is { } prompts)
            yield return ("Prompts", prompts);
        yield return ("Seed", Text(options.Seed));
        yield return ("Mode", Text(options.Mode).ToLowerInvariant());
        yield return ("Device", options.Device);
        yield return ("Precision", Text(options.Precision).ToLowerInvariant());
        foreach (
            var (name, value) in new[]
            {
                ("Tile", options.Tile),
                ("Stride", options.Stride),
                ("Model timestep", options.ModelT),
                ("Coefficient timestep", options.CoeffT),
            }
        )
        {
            if (value is { } number)
                yield return (name, Text(number));
        }
    }

    private static (string Name, string Value) SizeOf(Planning.RestoreOptions options) => options switch
    {
        { LongestSide: { } side } => ("Longest side", Text(side) + " pixels"),
        { Width: { } width, Height: { } height } => ("Fits into", $"{Text(width)}x{Text(height)} pixels"),
        { Width: { } width } => ("Width", Text(width) + " pixels"),
        { Height: { } height } => ("Height", Text(height) + " pixels"),
        { Megapixels: { } millions } => ("Megapixels", Text(millions)),
        _ => ("Upscale", Text(options.Upscale)),
    };

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
