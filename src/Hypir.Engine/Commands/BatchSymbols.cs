using System.CommandLine;
using Hypir.Engine.Restoring;

namespace Hypir.Engine.Commands;

/// <summary>The options of <c>hypir restore</c> that are about many images. docs/batches.md tells of them.</summary>
internal sealed class BatchSymbols
{
    /// <summary>Which part of the images is done.</summary>
    public Option<Shard?> Shard { get; } = Hypir.CommandLine.Options.Parsed("--shard", "I/N",
        "Restore the I-th of N equal parts, counted from 0 (0/8 to 7/8): for several processes or machines.",
        "a part and the number of parts, counted from 0, such as 0/8 or 7/8", token => Restoring.Shard.Parse(token) is { } shard ? (true, shard) : default((bool, Shard?)));

    /// <summary>Goes on with an earlier run.</summary>
    public Option<bool> Resume { get; } = Hypir.CommandLine.Options.Flag("--resume", "Go on where an earlier run ended: whole results are kept silently, damaged ones made again.");

    /// <summary>Where the report goes.</summary>
    public Option<string?> Report { get; } = Hypir.CommandLine.Options.Text("--report", "FILE.html", "Write a page that shows each image before and after, in one file.");

    /// <summary>All of them, as the help shows them.</summary>
    public IReadOnlyList<Option> Options => [Shard, Resume, Report];

    /// <summary>What does not fit together.</summary>
    public IEnumerable<string> Problems(ParseResult line, Option<bool> overwrite, Option<bool> dryRun)
    {
        if (line.GetValue(Resume) && line.GetValue(overwrite))
            yield return "--resume keeps results and --overwrite replaces them: they cannot both be given.";
        if (line.GetValue(Report) is not { } report)
            yield break;
        // It replaces what is there, which must not be an image.
        if (Path.GetExtension(report).ToLowerInvariant() is not (".html" or ".htm"))
            yield return $"--report writes a page: its name must end in .html, which \"{report}\" does not.";
        if (line.GetValue(dryRun))
            yield return "--report shows results, and --dry-run makes none: they cannot both be given.";
    }
}
