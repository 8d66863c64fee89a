using System.CommandLine;
using Hypir.Engine.Reporting;
using Hypir.Engine.Restoring;
using Hypir.Engine.Restoring.Trials;
using Hypir.Planning.Machine;

namespace Hypir.Engine.Commands;

/// <summary><c>hypir restore</c>.</summary>
internal static class RestoreCommand
{
    private const string Examples = """
        Examples:
          hypir restore photo.jpg
              writes photo.restored.png next to it, same size
          hypir restore scans/ -o restored/ --recursive
              every image in a folder and its subfolders, with the same names
          hypir restore small.png -o large.webp --upscale 2 --strength 0.8
              twice the size, a fifth of the input blended in
          hypir restore scans/*.tif -o web/ --format jpg --longest-side 2048 --on-exists number
              JPEG files for the web, beside those of earlier runs
          hypir restore group.jpg --crop 800,400,640,480 -o face.png
              a part, to try settings before a large image is restored
          hypir restore photo.jpg --try strength=0.5,1 model=faithful,vivid
              one sheet that shows the same part with each of these settings
          hypir restore face.jpg --map invented.png
              also shows where detail was invented
          scan | hypir restore - --format jpg > restored.jpg
              standard input and output; messages go to the error stream
          hypir restore in.png --model ~/sd2.1-base --lora HYPIR_sd2.pth --prompt "an old family photograph"
              HYPIR's own weights
          hypir restore scans/ -o restored/ --recursive --resume --report report.html
              resumes an earlier run; writes a page that shows each image before and after
          hypir restore scans/ --dry-run
              shows the plan, with memory and time

        Ctrl+C stops within 2 seconds and leaves no partial files. Exit codes: 0 done, 1 some images failed,
        2 wrong usage, 3 bad image or model file, 4 out of memory, 5 cannot write, 130 cancelled.
        """;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages, IMachine machine)
    {
        var symbols = new RestoreCommandLine();
        var command = new CheckedCommand("restore", "Restore images: remove blur, noise, and compression artifacts, and enlarge.")
        {
            symbols.Inputs,
        };
        foreach (var option in symbols.Groups.SelectMany(group => group.Options))
            command.Add(option);
        command.Rules.Add(symbols.Problems);
        command.SetAction(line => (int)Run(line, symbols, machine));
        pages.Add(new(command, "hypir restore IMAGE|FOLDER... [options]", symbols.Groups, Examples));
        return command;
    }

    private static ExitCode Run(ParseResult line, RestoreCommandLine symbols, IMachine machine)
    {
        var tally = new RunTally();
        IReporter reporter = line.GetValue(symbols.Quiet)
            ? new QuietReporter()
            : Reporters.Choose(line.GetValue(symbols.Json), line.GetValue(symbols.Verbose));
        using var interruption = new Interruption(() => reporter.ReportForcedExit(tally.Cancelled()), Interruption.Soon);
        try
        {
            var job = symbols.Read(line);
            if (job.Trials.Count > 0)
            {
                var looked = machine.Look() with { Speeds = AppFolder.Speeds.Read() };
                return new TrialRun(job, model => symbols.Read(line, model), reporter, interruption, looked).Run();
            }

            using var streams = StandardImages.IsUsedBy(job) ? new StandardImages(job, interruption) : null;
            job = streams?.Job ?? job;
            if (job.Report is not null)
                reporter = new HtmlReport(reporter, job);
            var code = new BatchRun(job, reporter, interruption, AppFolder.Speeds, machine, tally).Run();
            if (code == ExitCode.Success)
                streams?.Finish();
            return code;
        }
        catch (Exception failure)
        {
            interruption.ReportOnce(() => reporter.Failed(null, failure is OperationCanceledException ? tally.Cancelled() : failure));
            return ExitCodes.Of(failure);
        }
        finally
        {
            (reporter as IDisposable)?.Dispose();
        }
    }
}

/// <summary>The options of <c>hypir restore</c> for many images, described in docs/batches.md.</summary>
internal sealed class BatchSymbols
{
    /// <summary>The part of the images to restore.</summary>
    public Option<Shard?> Shard { get; } =
        Options.Parsed(
            "--shard", "I/N", "Restore the I-th of N equal parts, counted from 0 (0/8 to 7/8): for several processes or machines.",
            "a part and the number of parts, counted from 0, such as 0/8 or 7/8",
            token => Restoring.Shard.Parse(token) is { } shard ? (true, shard) : default((bool, Shard?)));

    /// <summary>Resumes an earlier run.</summary>
    public Option<bool> Resume { get; } =
        Options.Flag(
            "--resume", "Resume an earlier run: complete results are kept silently, damaged ones are redone.");

    /// <summary>The report's file.</summary>
    public Option<string?> Report { get; } =
        Options.Text("--report", "FILE.html", "Write a page that shows each image before and after, as a single file.");

    /// <summary>All of these options, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [Shard, Resume, Report];

    /// <summary>Conflicts between the options.</summary>
    public IEnumerable<string> Problems(ParseResult line, ExistingResults existing, Option<bool> dryRun)
    {
        if (line.GetValue(Resume) && existing == ExistingResults.Overwrite)
            yield return "--resume keeps results and --overwrite replaces them: they cannot both be given.";
        if (line.GetValue(Resume) && existing == ExistingResults.Number)
            yield return "--resume keeps results and --on-exists number makes new ones: they cannot both be given.";
        if (line.GetValue(Report) is not { } report)
            yield break;
        // The report overwrites an existing file, which must not be an image.
        if (Path.GetExtension(report).ToLowerInvariant() is not (".html" or ".htm"))
            yield return $"--report writes a web page: its name must end in .html; \"{report}\" does not.";
        if (line.GetValue(dryRun))
            yield return "--report shows results and --dry-run produces none: they cannot both be given.";
    }
}
