using System.Globalization;
using Hypir.Engine.Restoring;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>Reports on a run: to a terminal, a log, or a program.</summary>
internal interface IReporter
{
    /// <summary>The job is valid and starts.</summary>
    void Started();

    /// <summary>Reports what the folder search skipped; called before anything is computed.</summary>
    /// <param name="files">Images in unsupported formats.</param>
    /// <param name="loops">Links to folders that were already searched.</param>
    void LeftOut(IReadOnlyList<string> files, IReadOnlyList<string> loops);

    /// <summary>An image was planned; called before any computation.</summary>
    void Planned(ImageJob image, PlanSummary plan, bool dryRun);

    /// <summary>Runs the work on one image and shows its progress.</summary>
    /// <param name="image">The image.</param>
    /// <param name="index">Its number in the run, from 1.</param>
    /// <param name="count">Number of images in the run.</param>
    /// <param name="work">The work, which receives the progress sink; called once, on this thread.</param>
    T RunWithProgress<T>(ImageJob image, int index, int count, Func<IProgress<RestoreProgress>, T> work);

    /// <summary>An image is done.</summary>
    void Done(ImageJob image, Outcome outcome);

    /// <summary>An image failed, or the whole run if it is null.</summary>
    void Failed(ImageJob? image, Exception failure);

    /// <summary>The run is over.</summary>
    void Finished(BatchSummary summary);

    /// <summary>The process is about to end in the middle of its work; called from another thread.</summary>
    void ReportForcedExit();
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
    public static IEnumerable<(string Name, string Value)> Of(RestoreCommandOptions job)
    {
        var options = job.Options;
        yield return ("Images", string.Join(", ", job.Inputs));
        if (job.Output is { } output)
            yield return ("Output", output);
        if (job.Shard is { } shard)
            yield return ("Shard", shard.ToString());
        yield return ("Model", Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(job.Model))));
        if (job.Lora is { } lora)
            yield return ("LoRA", Path.GetFileName(lora));
        yield return options.LongestSide is { } side ? ("Longest side", Text(side) + " pixels") : ("Upscale", Text(options.Upscale));
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

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
