using System.CommandLine;
using Hypir.Core.Files;
using Hypir.Imaging;
using Hypir.Networks.Models;
using Hypir.Training.Config;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Loop;
using Hypir.Training.Planning;

namespace Hypir.TrainTool.Commands;

/// <summary><c>hypir-train init</c>.</summary>
internal static class InitCommand
{
    // From here on the reference's rank fits, below it a quarter of it does.
    private const long MemoryForFullRank = 22L << 30;
    private const int SmallRank = 64, FullRank = 256;

    // So many steps each picture is seen often enough, and no longer than the reference trains.
    private const int LeastSteps = 2000, MostSteps = 30000, VisitsPerPicture = 200;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        var pictures = new Argument<string>("PICTURES") { Description = "Your clean pictures: a folder or a list." };
        var memory = Options.Size("--memory", "Memory of the graphics card, such as 12GB (default 12GB).");
        var model = Options.Text(
            "--model",
            "MODEL",
            "The model to train for: a folder, or a name of `hypir models list`. Without it, Stable Diffusion 2.1-base is meant and its folder left to be filled in.",
            "-m"
        );
        var output = Options.Text("--output", "FILE", "The configuration to write (default train.yaml).", "-o");
        var command = new Command("init", "Write a configuration for your pictures and your memory, every key explained.")
        {
            pictures,
            memory,
            model,
            output,
        };
        command.SetAction(line =>
            (int)
                ErrorReport.RunReportingErrors(() =>
                    Run(
                        line.GetValue(pictures)!, line.GetValue(memory) ?? 12L << 30, line.GetValue(model),
                        line.GetValue(output) ?? "train.yaml")
                )
        );
        return command;
    }

    private static ExitCode Run(string pictures, long bytes, string? model, string output)
    {
        int count = Manifest.Read(pictures, new(), recursive: false).Count;
        if (Manifest.LeftOut(pictures, recursive: false) is { Count: > 0 } left)
            Console.Error.WriteLine(ImageSearch.Explain(left));
        if (count == 0)
            throw new ManifestException($"{pictures}: no picture in it.", "Name a folder or list with pictures.");
        if (File.Exists(output))
            throw new OutputException($"{output} is there already.", "Name another file: --output.");
        var shapes = model is null ? NetworkShapes.StableDiffusion21 : NetworkShapes.Of(ModelFolder.Open(ModelArgument.Base(model)));
        if (
            FitLadder.Fit(Wished(pictures, model, output, bytes, count), bytes, settings =>
                RunPlan.Of(settings, shapes, null, onCard: true)
            )
            is not { } fit
        )
            throw new TrainingException(
                $"No setting makes a run fit into {PlanFigures.Memory(bytes)}.", "Take a smaller model, or a card with more memory.");
        OutputException.Guard(output, () =>
        {
            using var file = new WholeFile(output);
            file.Writer.Write(ConfigFile.Text(fit.Settings));
            file.Keep();
        });
        Console.Out.WriteLine(
            $"-> {output}: {count} pictures, rank {fit.Settings.LoraRank}, batches of {fit.Settings.Data.BatchSize} x {fit.Settings.GradientAccumulationSteps}, "
                + $"about {PlanFigures.Memory(RunPlan.Of(fit.Settings, shapes, null, onCard: true).PeakBytes)} of {PlanFigures.Memory(bytes)}{(fit.Settings.LambdaGan > 0 ? "" : "; without a discriminator")}"
        );
        Console.Out.WriteLine($"Next: {(model is null ? "fill in base_model_path, then " : "")}`hypir-train train {output} --dry-run`.");
        return ExitCode.Success;
    }

    private static TrainSettings Wished(string pictures, string? model, string output, long memory, int count) => new()
    {
        OutputDirectory = Path.GetFileNameWithoutExtension(output) + "-run",
        BaseModelPath = model,
        LoraRank = memory >= MemoryForFullRank ? FullRank : SmallRank,
        MaxTrainSteps = Math.Clamp(count * VisitsPerPicture / 12, LeastSteps, MostSteps),
        OptimizerOptions = new() { Betas = [0.9, 0.999] },
        Data = new()
        {
            Manifest = new() { FileList = pictures },
            Crop = new() { Type = CropType.Random },
            Flips = new() { UseHorizontal = true },
            QueueSize = Math.Min(256, 6 * Math.Max(1, count / 6)),
        },
    };
}
