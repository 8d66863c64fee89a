using System.CommandLine;
using Hypir.Models.Store;
using Hypir.TrainTool.Config;
using Hypir.TrainTool.Training;
using Hypir.TrainTool.Training.Folders;
using Hypir.TrainTool.Training.Models;
using TorchSharp;

namespace Hypir.TrainTool.Commands;

/// <summary><c>hypir-train train</c>.</summary>
internal static class TrainCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        var config = new Argument<string>("CONFIG") { Description = "A training file: the reference's sd2_train.yaml with its paths filled in, or one of `hypir-train init`." };
        var command = new Command("train", "Train LoRA weights, or a small model from scratch. Ctrl+C saves and stops; started again, the run goes on where it stopped. "
            + "Exit codes: 0 done, 2 wrong usage or configuration, 3 bad file, 4 out of memory, 5 cannot write, 130 stopped and saved.") { config };
        command.SetAction(line => (int)Failures.Told(() => Run(line.GetValue(config)!)));
        return command;
    }

    private static ExitCode Run(string config)
    {
        var settings = ConfigFile.LoadTraining(config);
        using var signals = new Signals();
        using var folder = new RunFolder(settings.OutputDirectory!);
        using var reporter = new TrainReporter();
        bool whole;
        using (var run = new TrainRun(settings, folder, new WeightSources(new ModelStore(ModelHome.Models)), Device(settings.Device), reporter, signals.Token))
            whole = run.Run(signals.Token);
        reporter.Dispose();
        Console.Out.WriteLine($"-> {folder.Path}");
        if (whole)
            return ExitCode.Success;
        Console.Error.WriteLine("Stopped and saved; the same command goes on.");
        return ExitCode.Cancelled;
    }

    private static torch.Device Device(string name)
    {
        if (name == "auto")
            name = torch.cuda.is_available() ? "cuda" : "cpu";
        if (name != "cpu" && !torch.cuda.is_available())
            throw new UsageException($"There is no {name} here.", "Set device: cpu, or install the CUDA backend.");
        return torch.device(name);
    }
}
