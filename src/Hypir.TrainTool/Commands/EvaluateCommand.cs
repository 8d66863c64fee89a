using System.CommandLine;
using Hypir.Core.Files;
using Hypir.Imaging;
using Hypir.Models.Store;
using Hypir.Networks.Models;
using Hypir.Networks.Perceptual;
using Hypir.Planning.Machine;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Degrading;
using Hypir.Training.Evaluation;
using Hypir.Training.Models;
using Spectre.Console;

namespace Hypir.TrainTool.Commands;

/// <summary><c>hypir-train evaluate</c>.</summary>
internal static class EvaluateCommand
{
    private const string JsonFile = "evaluation.json", PageFile = "evaluation.html";

    /// <summary>Creates the command.</summary>
    public static Command Make(IMachine machine)
    {
        var symbols = new EvaluateSymbols();
        var command = new CheckedCommand(
            "evaluate",
            "Measure how close a model's results are to the ground truth: PSNR, SSIM, color, LPIPS. Exit codes: 0 done, 2 wrong usage or "
                + "configuration, "
                + "3 bad file, 4 out of memory, 5 cannot write, 130 cancelled."
        );
        foreach (var option in symbols.All)
            command.Add(option);
        command.Rules.Add(symbols.Problems);
        command.SetAction(line => (int)ErrorReport.RunReportingErrors(() => Run(line, symbols, machine)));
        return command;
    }

    private static ExitCode Run(ParseResult line, EvaluateSymbols symbols, IMachine machine)
    {
        using var interruption = new Interruption(ErrorConsole.ShowCursor, deadline: null);
        string? output = line.GetValue(symbols.Output);
        if (output is not null && (File.Exists(Path.Combine(output, JsonFile)) || File.Exists(Path.Combine(output, PageFile))))
            throw new UsageException($"{output} already contains an evaluation.", "Choose another --output.");
        Candidate[] candidates = [.. Candidates(line, symbols)];
        if (output is not null && FolderAccess.FolderProblem(output) is { } problem)
            throw new OutputException($"{output} cannot be written: {problem}", "Choose another --output.");
        // Report an invalid model before computing anything.
        foreach (var candidate in candidates)
            ModelFolder.Open(candidate.Model!);
        string folder = output ?? Directory.CreateTempSubdirectory("hypir-evaluate-").FullName;
        OutputException.Guard(folder, () => Directory.CreateDirectory(folder));
        try
        {
            var plan = new EvaluationPlan
            {
                Candidates = candidates,
                Pairs = PairFinder.Find(line.GetValue(symbols.Pairs) ?? Degraded(line, symbols, folder, interruption.Token)),
                Options = symbols.Restoring(line),
                Shown = output is null ? 0 : line.GetValue(symbols.Show) ?? 24,
            };
            using var lpips = Lpips(line, symbols);
            var result = Measured(plan, lpips?.Metric, machine, interruption.Token);
            Tell(result);
            if (output is not null)
                Write(result, plan, output);
            return ExitCode.Success;
        }
        finally
        {
            if (output is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static LoadedLpips? Lpips(ParseResult line, EvaluateSymbols symbols)
    {
        var sources = new WeightSources(new ModelStore(ModelHome.Default.Models));
        string? vgg = line.GetValue(symbols.LpipsVgg), lins = line.GetValue(symbols.LpipsLins);
        return vgg is not null || lins is not null || sources.HasLpips ? LoadedLpips.Load(sources, vgg, lins, TorchSharp.torch.CPU) : null;
    }

    private static IEnumerable<Candidate> Candidates(ParseResult line, EvaluateSymbols symbols)
    {
        var used = new HashSet<string>(StringComparer.Ordinal) { Candidate.Input.Label };
        var model = ModelArgument.Find(line.GetValue(symbols.Model)!);
        string? lora = line.GetValue(symbols.Lora);
        yield return new(
            Unique(lora is null ? Label(model.Name) : $"{Label(model.Name)} + {Path.GetFileName(lora)}", used), model.Path,
            lora ?? model.Lora);
        foreach (var baseline in line.GetValue(symbols.Baseline)!.Select(ModelArgument.Find))
            yield return new(Unique(Label(baseline.Name), used), baseline.Path, baseline.Lora);
    }

    /// <summary>Two folders may have the same name.</summary>
    private static string Unique(string label, HashSet<string> used)
    {
        string unique = label;
        for (int i = 2; !used.Add(unique); i++)
            unique = $"{label} ({i})";
        return unique;
    }

    private static string Label(string model) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model)));

    /// <summary>Degrades clean images and returns the folder of the pairs.</summary>
    private static string Degraded(ParseResult line, EvaluateSymbols symbols, string folder, CancellationToken cancellation)
    {
        var settings = line.GetValue(symbols.Config) is { } file ? ConfigFile.Load(file) : new DataSettings();
        settings = settings with { Seed = line.GetValue(symbols.Seed) ?? settings.Seed };
        string images = line.GetValue(symbols.Images)!;
        var entries = Manifest.Read(images, settings.Manifest, recursive: false);
        if (Manifest.LeftOut(images, recursive: false) is { Count: > 0 } left)
            throw new EvaluationException(
                $"{images}: {ImageSearch.Describe(left)}.", "Convert them to PNG, JPEG or TIFF, or remove them.");
        if (entries.Count == 0)
            throw new EvaluationException($"{images}: contains no images.", "Name a folder with images.");
        var plan = new DegradePlan
        {
            Jobs = DegradeJobs.Fresh(entries, 1),
            Settings = settings,
            About = $"Seed {settings.Seed}.",
            Output = Path.Combine(folder, "pairs"),
            Workers = Environment.ProcessorCount,
            SaveHq = true,
            Recipes = true,
        };
        using var reporter = new DegradeReporter(plan.Jobs.Count);
        var summary = DegradeRun.Execute(plan, reporter.Report, cancellation);
        reporter.Finish(plan, summary);
        cancellation.ThrowIfCancellationRequested();
        // A mean over only some of the images would look like one over all.
        return summary.Failed == 0
            ? plan.Output
            : throw new EvaluationException(
                $"{images}: {summary.Failed} of {entries.Count} images cannot be read.", "Repair or remove them.");
    }

    private static EvaluationResult Measured(EvaluationPlan plan, Lpips? lpips, IMachine machine, CancellationToken cancellation)
    {
        var console = ErrorConsole.Open();
        double total = (plan.Candidates.Count + 1) * plan.Pairs.Count;
        int done = 0;
        using var bar = ErrorConsole.IsLive(console) ? new ProgressDisplay(console, "measuring") : null;
        return new Evaluator(plan, lpips, machine.Look()).Run(
            (candidate, pair) => bar?.Set(++done / total, plan.Pairs[pair].Name, candidate.Label), cancellation);
    }

    private static void Tell(EvaluationResult result)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        var table = new Table().Title($"Mean of {result.Pairs.Count} images").Border(TableBorder.Rounded);
        foreach (string head in EvaluationFiles.Heads(result).Append("s"))
            table.AddColumn(new TableColumn(Markup.Escape(head)) { Alignment = head.Length == 0 ? Justify.Left : Justify.Right });
        for (int i = 0; i < result.Candidates.Count; i++)
        {
            string seconds =
                i == 0
                    ? ""
                    : result.Results[i].Average(one => one.Seconds).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
            table.AddRow([
                .. EvaluationFiles.Cells(result.Mean(i)).Prepend(result.Candidates[i].Label).Append(seconds).Select(Markup.Escape),
            ]);
        }
        console.Write(table);
        Console.Out.WriteLine(EvaluationFiles.Summary(result));
    }

    private static void Write(EvaluationResult result, EvaluationPlan plan, string output)
    {
        string page = Path.Combine(output, PageFile), json = Path.Combine(output, JsonFile);
        OutputException.Guard(output, () =>
        {
            EvaluationFiles.WriteJson(result, json);
            EvaluationFiles.WriteHtml(
                result,
                page,
                [
                    .. plan.Candidates.Select(candidate =>
                        ("model", candidate.Lora is null ? candidate.Model! : $"{candidate.Model} with {candidate.Lora}")
                    ),
                    ("mode", plan.Options.Mode.ToString().ToLowerInvariant()),
                ]
            );
        });
        Console.Out.WriteLine($"-> {json}, {page}");
    }
}
