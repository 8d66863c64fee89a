using System.Globalization;
using Hypir.Engine.Restoring;

namespace Hypir.Engine.Reporting;

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
        foreach (var (name, value) in new[] { ("Tile", options.Tile), ("Stride", options.Stride), ("Model timestep", options.ModelT), ("Coefficient timestep", options.CoeffT) })
        {
            if (value is { } number)
                yield return (name, Text(number));
        }
    }

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
