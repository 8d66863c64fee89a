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
    // With this much memory the reference's rank fits; below it, a quarter of that rank does.
    private const long MemoryForFullRank = 22L << 30;
    private const int SmallRank = 64, FullRank = 256;

    // Enough steps to see each image often enough, but no more than the reference's.
    private const int LeastSteps = 2000, MostSteps = 30000, VisitsPerImage = 200;

    /// <summary>Creates the command.</summary>
    public static Command Make()
    {
        var images = new Argument<string>("IMAGES") { Description = "Your clean images: a folder or a list." };
        var memory = Options.Size("--memory", "Memory of the GPU, such as 12GB (default 12GB).");
        var model = Options.Text(
            "--model",
            "MODEL",
            "The model to train for: a folder, or a name of `hypir models list`. Default: Stable Diffusion 2.1-base, with its folder "
                + "left to fill in.",
            "-m"
        );
        var output = Options.Text("--output", "FILE", "The configuration to write (default train.yaml).", "-o");
        var command = new Command("init", "Write a configuration for your images and memory, with every key explained.")
        {
            images,
            memory,
            model,
            output,
        };
        command.SetAction(line =>
            (int)
                ErrorReport.RunReportingErrors(() =>
                    Run(
                        line.GetValue(images)!, line.GetValue(memory) ?? 12L << 30, line.GetValue(model),
                        line.GetValue(output) ?? "train.yaml")
                )
        );
        return command;
    }

    private static ExitCode Run(string images, long bytes, string? model, string output)
    {
        int count = Manifest.Read(images, new(), recursive: false).Count;
        if (Manifest.LeftOut(images, recursive: false) is { Count: > 0 } left)
            Console.Error.WriteLine(ImageSearch.Explain(left));
        if (count == 0)
            throw new ManifestException($"{images}: contains no images.", "Name a folder or list with images.");
        if (File.Exists(output))
            throw new OutputException($"{output} already exists.", "Choose another file with --output.");
        var shapes = model is null ? NetworkShapes.StableDiffusion21 : NetworkShapes.Of(ModelFolder.Open(ModelArgument.Base(model)));
        if (
            FitLadder.Fit(Wished(images, model, output, bytes, count), bytes, settings =>
                RunPlan.Of(settings, shapes, null, onGpu: true)
            )
            is not { } fit
        )
            throw new TrainingException(
                $"No setting makes a run fit into {PlanFigures.Memory(bytes)}.", "Use a smaller model, or a GPU with more memory.");
        OutputException.Guard(output, () =>
        {
            using var file = new WholeFile(output);
            file.Writer.Write(ConfigFile.Text(fit.Settings));
            file.Keep();
        });
        Console.Out.WriteLine(
            $"-> {output}: {count} images, rank {fit.Settings.LoraRank}, batches of {fit.Settings.Data.BatchSize} x "
                + $"{fit.Settings.GradientAccumulationSteps}, "
                + $"about {PlanFigures.Memory(RunPlan.Of(fit.Settings, shapes, null, onGpu: true).PeakBytes)} of "
                + $"{PlanFigures.Memory(bytes)}{(fit.Settings.LambdaGan > 0 ? "" : "; without a discriminator")}"
        );
        Console.Out.WriteLine($"Next: {(model is null ? "fill in base_model_path, then " : "")}`hypir-train train {output} --dry-run`.");
        return ExitCode.Success;
    }

    private static TrainSettings Wished(string images, string? model, string output, long memory, int count) => new()
    {
        OutputDirectory = Path.GetFileNameWithoutExtension(output) + "-run",
        BaseModelPath = model,
        LoraRank = memory >= MemoryForFullRank ? FullRank : SmallRank,
        MaxTrainSteps = Math.Clamp(count * VisitsPerImage / 12, LeastSteps, MostSteps),
        OptimizerOptions = new() { Betas = [0.9, 0.999] },
        Data = new()
        {
            Manifest = new() { FileList = images },
            Crop = new() { Type = CropType.Random },
            Flips = new() { UseHorizontal = true },
            QueueSize = Math.Min(256, 6 * Math.Max(1, count / 6)),
        },
    };
}
