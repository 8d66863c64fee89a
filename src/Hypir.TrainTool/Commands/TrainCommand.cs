using System.CommandLine;
using Hypir.Core.Files;
using Hypir.Imaging;
using Hypir.Models.Store;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Models;
using Hypir.Planning.Machine;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Loop;
using Hypir.Training.Models;
using Hypir.Training.Planning;
using Hypir.Training.Resuming;
using Hypir.Training.RunFolders;
using TorchSharp;

namespace Hypir.TrainTool.Commands;

/// <summary><c>hypir-train train</c>.</summary>
internal static class TrainCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Make(IMachine machine)
    {
        var config = new Argument<string>("CONFIG")
        {
            Description = "A training file: the reference's sd2_train.yaml with its paths filled in, or one of `hypir-train init`.",
        };
        var dryRun = Options.Flag(
            "--dry-run", "Show what the run will take (memory by part, operations, epochs, time) and exit.");
        var yes = Options.Flag("--yes", "Continue even if settings, model, or images have changed since the checkpoint.");
        var restart = Options.Flag(
            "--restart", "Start a new run in a folder that contains one: the earlier run is moved into earlier-run-N, never deleted.");
        var pause = Options.Text("--pause-file", "FILE", "Wait while this file exists, so that something else can have the machine.");
        var command = new Command(
            "train",
            "Train LoRA weights, a small model from scratch, or a single-pass network. Ctrl+C saves and stops; the same command continues. "
                + "Exit codes: 0 done, 2 wrong usage or configuration or changes that were not confirmed, 3 bad file or a run that "
                + "cannot be continued, "
                + "4 out of memory, 5 cannot write, 130 stopped and saved."
        )
        {
            config,
            dryRun,
            yes,
            restart,
            pause,
        };
        command.SetAction(line =>
            (int)
                ErrorReport.RunReportingErrors(() =>
                    Run(
                        line.GetValue(config)!, line.GetValue(dryRun), new(line.GetValue(yes)), line.GetValue(restart),
                        new(line.GetValue(pause)), machine)
                )
        );
        return command;
    }

    private static ExitCode Run(string config, bool dryRun, ResumeConsent consent, bool restart, PauseFile pause, IMachine machine)
    {
        var settings = ConfigFile.LoadTraining(config);
        CheckOutput(settings);
        if (settings.Kind != TrainKind.SinglePass)
            settings = settings with { BaseModelPath = ModelArgument.Base(settings.BaseModelPath!) };
        var sources = new WeightSources(new ModelStore(ModelHome.Default.Models));
        var device = Device(settings.Device);
        var planned = Planner(settings, sources, device);
        var plan = planned(settings);
        long free = FreeMemory(device, machine.Look());
        TellLeftOut(settings.Data.Manifest.FileList);
        TellLeftOut(settings.ValidationPath);
        if (dryRun)
        {
            int images = Manifest.Read(settings.Data.Manifest.FileList!, settings.Data.Manifest, recursive: false).Count;
            if (images == 0)
                throw new ManifestException(
                    $"{settings.Data.Manifest.FileList}: contains no images.", "Name a folder or list with images: file_list.");
            foreach (string line in RunEstimate.Lines(plan, images, device, free))
                Console.Out.WriteLine(line);
        }
        CheckFit(plan, free, device, planned);
        return dryRun ? ExitCode.Success : Train(settings, sources, device, consent, restart, pause);
    }

    /// <summary>A run skips images in unsupported formats, but reports them.</summary>
    private static void TellLeftOut(string? images)
    {
        if (images is not null && Manifest.LeftOut(images, recursive: false) is { Count: > 0 } left)
            Console.Error.WriteLine($"{images}: {ImageSearch.Explain(left)}");
    }

    /// <summary>A run's result must not overwrite the weights that it starts from.</summary>
    private static void CheckOutput(TrainSettings settings)
    {
        if (settings.LoraInit is not { } start)
            return;
        var inputs = new InputFiles([start]);
        foreach (string name in FinishedWeights.LoraFiles)
            inputs.Protect(Path.Combine(settings.OutputDirectory!, name));
    }

    private static ExitCode Train(
        TrainSettings settings, WeightSources sources, torch.Device device, ResumeConsent consent, bool restart, PauseFile pause)
    {
        using var folder = new RunFolder(settings.OutputDirectory!);
        bool whole;
        using (var reporter = new TrainReporter())
        {
            var entries = Manifest.Read(settings.Data.Manifest.FileList!, settings.Data.Manifest, recursive: false);
            // Before signals are handled, so that Ctrl+C at the question ends the program.
            RunIdentity Identity() => RunIdentity.Of(settings, entries, sources);
            var start = RunStart.Of(settings, folder, Identity, restart, reporter.Noted, consent.Require);
            using var interruption = new Interruption(ErrorConsole.ShowCursor, deadline: null);
            using var run = new TrainRun(settings, folder, start, entries, sources, device, reporter, pause, interruption.Token);
            whole = run.Run(interruption.Token);
        }
        Console.Out.WriteLine($"-> {folder.Path}");
        if (whole)
            return ExitCode.Success;
        Console.Error.WriteLine("Stopped and saved; the same command continues.");
        return ExitCode.Cancelled;
    }

    /// <summary>Reads what plans need of the model and discriminator once, so that settings can be tried.</summary>
    private static Func<TrainSettings, RunPlan> Planner(TrainSettings settings, WeightSources sources, torch.Device device)
    {
        if (settings.Kind == TrainKind.SinglePass)
            return tried => SinglePassPlan.Of(tried, device.type != DeviceType.CPU);
        ConvNextConfig? tower = null;
        if (settings.LambdaGan > 0)
        {
            using ITensorSource file = sources.OpenTower(settings.DiscriminatorTower);
            tower = ConvNextConfig.Detect(file.Shapes());
        }
        var shapes = NetworkShapes.Of(ModelFolder.Open(settings.BaseModelPath!));
        return tried => RunPlan.Of(tried, shapes, tower, device.type != DeviceType.CPU);
    }

    private static void CheckFit(RunPlan plan, long free, torch.Device device, Func<TrainSettings, RunPlan> planned)
    {
        if (plan.PeakBytes <= free)
            return;
        var fit = FitLadder.Fit(plan.Settings, free, planned);
        throw new TrainingException(
            $"The run needs about {PlanFigures.Memory(plan.PeakBytes)} on {device}, and {PlanFigures.Memory(free)} are free.",
            fit is { } found
                ? $"It fits with: {string.Join("; ", found.Changes)}."
                : "No setting makes it fit: free some memory, or use a smaller model."
        );
    }

    private static long FreeMemory(torch.Device device, MachineFacts machine) =>
        device.type == DeviceType.CPU
            ? machine.FreeMemory
            : machine.Gpus.ElementAtOrDefault(Math.Max(0, device.index))?.FreeMemory ?? long.MaxValue;

    private static torch.Device Device(string name)
    {
        bool gpu = torch.cuda.is_available();
        if (name == "auto")
            name = gpu ? "cuda" : "cpu";
        if (name != "cpu" && !gpu)
            throw new UsageException($"Device {name} is not available.", "Set device: cpu, or install the CUDA backend.");
        return torch.device(name);
    }
}
