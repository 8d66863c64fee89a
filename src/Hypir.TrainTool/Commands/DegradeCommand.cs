using System.CommandLine;
using Hypir.Imaging;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Data.RecipeFiles;
using Hypir.Training.Degrading;
using Spectre.Console;

namespace Hypir.TrainTool.Commands;

/// <summary><c>hypir-train degrade</c>.</summary>
internal static class DegradeCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Make()
    {
        var symbols = new DegradeSymbols();
        var command = new CheckedCommand(
            "degrade",
            "Degrade clean images as in training, to create test images and training pairs. Exit codes: 0 done, 1 some images failed, "
                + "2 wrong usage or configuration, 3 bad file, 4 out of memory, 5 cannot write, 130 cancelled."
        )
        {
            symbols.Inputs,
        };
        foreach (var option in symbols.All)
            command.Add(option);
        command.Rules.Add(symbols.Problems);
        command.SetAction(line => (int)ErrorReport.RunReportingErrors(() => Run(line, symbols)));
        return command;
    }

    private static ExitCode Run(ParseResult line, DegradeSymbols symbols)
    {
        var settings = line.GetValue(symbols.Config) is { } file ? ConfigFile.Load(file) : new DataSettings();
        settings = settings with
        {
            Seed = line.GetValue(symbols.Seed) ?? settings.Seed,
            Manifest = Manifest(line, symbols, settings.Manifest),
        };
        if (line.GetValue(symbols.PrintConfig))
        {
            Console.Out.Write(ConfigFile.Text(settings));
            return ExitCode.Success;
        }
        var plan = Plan(line, symbols, settings);
        if (plan.LeftOut.Count > 0)
            Console.Error.WriteLine(ImageSearch.Explain(plan.LeftOut));
        using var interruption = new Interruption(ErrorConsole.ShowCursor, deadline: null);
        using var reporter = new DegradeReporter(plan.Jobs.Count);
        var summary = DegradeRun.Execute(plan, reporter.Report, interruption.Token);
        reporter.Finish(plan, summary);
        if (plan.LeftOut.Count > 0)
            Console.Out.WriteLine(ImageSearch.Describe(plan.LeftOut));
        return summary switch
        {
            { Cancelled: true } => ExitCode.Cancelled,
            { Failed: 0 } => plan.LeftOut.Count == 0 ? ExitCode.Success : ExitCode.SomeFailed,
            { Done: 0 } => ExitCode.BadFile,
            _ => ExitCode.SomeFailed,
        };
    }

    private static ManifestSettings Manifest(ParseResult line, DegradeSymbols symbols, ManifestSettings manifest) => manifest with
    {
        ImagePathKey = line.GetValue(symbols.ImagePathKey) ?? manifest.ImagePathKey,
        PromptKey = line.GetValue(symbols.PromptKey) ?? manifest.PromptKey,
        ImagePathPrefix = line.GetValue(symbols.ImagePathPrefix) ?? manifest.ImagePathPrefix,
    };

    private static DegradePlan Plan(ParseResult line, DegradeSymbols symbols, DataSettings settings)
    {
        string[] inputs =
            line.GetValue(symbols.Inputs) is { Length: > 0 } named ? named
            : settings.Manifest.FileList is { } list ? [list]
            : [];
        string? replay = line.GetValue(symbols.Replay);
        if (inputs.Length == 0 && replay is null)
            throw new UsageException(
                "There are no images to degrade.", "Name images, folders or lists, or a file_list in the configuration.");
        ManifestEntry[] entries =
        [
            .. inputs.SelectMany(input =>
                Training.Data.Manifests.Manifest.Read(input, settings.Manifest, line.GetValue(symbols.Recursive))
            ),
        ];
        if (entries.Length == 0 && replay is null)
            throw new ManifestException(
                $"{string.Join(", ", inputs)}: contains no images.", "Name a folder with images; --recursive searches subfolders too.");
        return new DegradePlan
        {
            Jobs = replay is null
                ? DegradeJobs.Fresh(entries, line.GetValue(symbols.Count) ?? 1)
                : DegradeJobs.Replayed(RecipeFile.Read(replay), replay, entries),
            Settings = settings,
            About = replay is null ? $"Seed {settings.Seed}." : $"Recipes of {Path.GetFileName(replay)}.",
            Output = line.GetValue(symbols.Output)!,
            Workers = line.GetValue(symbols.Workers) ?? Environment.ProcessorCount,
            SaveHq = line.GetValue(symbols.SaveHq),
            Recipes = line.GetValue(symbols.Recipes) || line.GetValue(symbols.Yaml),
            RecipesAsYaml = line.GetValue(symbols.Yaml),
            ContactSheet = line.GetValue(symbols.ContactSheet) ?? 40,
            LeftOut = [.. inputs.SelectMany(input => Training.Data.Manifests.Manifest.LeftOut(input, line.GetValue(symbols.Recursive)))],
            Overwrite = line.GetValue(symbols.Overwrite),
            OtherInputs =
            [
                .. inputs.Where(File.Exists),
                .. replay is null ? Array.Empty<string>() : [replay],
                .. line.GetValue(symbols.Config) is { } config ? [config] : Array.Empty<string>(),
            ],
        };
    }
}

/// <summary>Reports progress and failures on the error stream: a bar on a terminal, otherwise a line for each failure and occasional
/// progress lines.</summary>
internal sealed class DegradeReporter : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly IAnsiConsole _console = ErrorConsole.Open();
    private readonly int _total;
    private readonly ProgressDisplay? _bar;
    private long _lastLine = Environment.TickCount64;
    private int _seen;

    /// <summary>Starts reporting.</summary>
    /// <param name="total">Number of jobs.</param>
    public DegradeReporter(int total)
    {
        _total = total;
        if (ErrorConsole.IsLive(_console))
            _bar = new ProgressDisplay(_console, "degrading");
    }

    /// <summary>Reports a job.</summary>
    public void Report(DegradeOutcome outcome)
    {
        _seen++;
        if (outcome.Failure is { } failure)
            _console.Report(failure.Message, failure.Remedy, "skipped:", Color.Yellow);
        _bar?.Set((double)_seen / _total, outcome.Job.Label, $"{_seen} of {_total}");
        if (_bar is null && Environment.TickCount64 - _lastLine >= Pause.TotalMilliseconds)
        {
            _console.WriteLine($"{_seen} of {_total}: {outcome.Job.Label}");
            _lastLine = Environment.TickCount64;
        }
    }

    /// <summary>Prints the summary on the standard output.</summary>
    public void Finish(DegradePlan plan, DegradeSummary summary)
    {
        Dispose();
        string[] more =
        [
            .. plan.SaveHq ? (string[])[plan.HqFolder] : [],
            .. plan.Recipes ? (string[])[plan.RecipeFile] : [],
            .. plan.ContactSheet > 0 ? (string[])[plan.SheetFile] : [],
        ];
        Console.Out.WriteLine($"{summary.Done} of {_total} -> {plan.LqFolder}{string.Concat(more.Select(path => $", {path}"))}");
        if (summary.Failed > 0)
            Console.Out.WriteLine($"{summary.Failed} skipped");
        if (summary.Cancelled)
            Console.Error.WriteLine("Cancelled; finished results are kept.");
    }

    /// <summary>Restores the terminal.</summary>
    public void Dispose() => _bar?.Dispose();
}
