using System.Globalization;
using Hypir.Engine.Restoring;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>Tells how a run goes: to a person at a terminal, to a log, or to a program.</summary>
internal interface IReporter
{
    /// <summary>What was asked for can be done, and begins.</summary>
    void Started();

    /// <summary>What the search of folders has passed over; called before anything is computed.</summary>
    /// <param name="files">Images of kinds that are not read.</param>
    /// <param name="loops">Links to folders that were searched already.</param>
    void LeftOut(IReadOnlyList<string> files, IReadOnlyList<string> loops);

    /// <summary>A plan was made, before any computation.</summary>
    void Planned(ImageJob image, PlanSummary plan, bool dryRun);

    /// <summary>Runs the work on one image and shows its progress.</summary>
    /// <param name="image">The image.</param>
    /// <param name="index">Its place in the run, from 1.</param>
    /// <param name="count">Images of the run.</param>
    /// <param name="work">Is given where to report progress; called once, on this thread.</param>
    T RunWithProgress<T>(ImageJob image, int index, int count, Func<IProgress<RestoreProgress>, T> work);

    /// <summary>An image is done.</summary>
    void Done(ImageJob image, Outcome outcome);

    /// <summary>An image, or the whole run where it is null, failed.</summary>
    void Failed(ImageJob? image, Exception failure);

    /// <summary>A run is over.</summary>
    void Finished(BatchSummary summary);

    /// <summary>The process is about to end in the middle of its work; called from another thread.</summary>
    void ReportForcedExit();
}

/// <summary>Chooses how a run is told.</summary>
internal static class Reporters
{
    /// <summary>JSON where it was asked for, a progress bar where a person looks on, plain lines otherwise.</summary>
    public static IReporter Choose(bool json, bool verbose)
    {
        if (json)
            return new JsonReporter(Console.Out, verbose);
        return !Console.IsOutputRedirected && ErrorConsole.IsLive(ErrorConsole.Open())
            ? new LiveReporter(verbose)
            : new TextReporter(verbose);
    }
}

/// <summary>Progress that is told at once, on the thread that computes; the runtime's own class would pass it to another.</summary>
/// <param name="tell">What to do with it.</param>
internal sealed class Observer(Action<RestoreProgress> tell) : IProgress<RestoreProgress>
{
    /// <inheritdoc/>
    public void Report(RestoreProgress value) => tell(value);
}

/// <summary>What a report says of how its images came about.</summary>
internal static class ReportSettings
{
    /// <summary>The settings of a job, as names and values; those that were left alone only where they matter.</summary>
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
