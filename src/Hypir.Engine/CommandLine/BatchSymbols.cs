using System.CommandLine;
using System.CommandLine.Parsing;
using Hypir.Engine.Restoring;

namespace Hypir.Engine.CommandLine;

/// <summary>The options of <c>hypir restore</c> that are about many images. docs/batches.md tells of them.</summary>
internal sealed class BatchSymbols
{
    /// <summary>Which part of the images is done.</summary>
    public Option<Shard?> Shard { get; } = new("--shard")
    {
        HelpName = "I/N",
        Description = "Restore the I-th of N equal parts, counted from 0 (0/8 to 7/8): for several processes or machines.",
        CustomParser = result =>
        {
            string token = result.Tokens[0].Value;
            var shard = Restoring.Shard.Parse(token);
            if (shard is null)
                result.AddError($"--shard is a part and their number, counted from 0, such as 0/8 or 7/8, not \"{token}\".");
            return shard;
        },
    };

    /// <summary>Goes on with an earlier run.</summary>
    public Option<bool> Resume { get; } = CommandLine.Options.Flag("--resume", "Go on where an earlier run ended: whole results are kept silently, damaged ones made again.");

    /// <summary>Where the report goes.</summary>
    public Option<string?> Report { get; } = CommandLine.Options.Text("--report", "FILE.html", "Write a page that shows each image before and after, in one file.");

    /// <summary>All of them, as the help shows them.</summary>
    public IReadOnlyList<Option> Options => [Shard, Resume, Report];

    /// <summary>Checks what does not go together.</summary>
    public void Validate(CommandResult line, Option<bool> overwrite, Option<bool> dryRun)
    {
        if (line.GetValue(Resume) && line.GetValue(overwrite))
            line.AddError("--resume keeps results and --overwrite replaces them: they cannot both be given.");
        if (line.GetValue(Report) is not { } report)
            return;
        // It replaces what is there, which must be no image.
        if (Path.GetExtension(report).ToLowerInvariant() is not (".html" or ".htm"))
            line.AddError($"--report is a page: a name that ends in .html, not \"{report}\".");
        if (line.GetValue(dryRun))
            line.AddError("--report shows results, and --dry-run makes none: they cannot both be given.");
    }
}
