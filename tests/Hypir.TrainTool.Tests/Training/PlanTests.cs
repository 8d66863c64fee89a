using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Planning;

namespace Hypir.TrainTool.Tests.Training;

[TestClass]
public sealed class PlanTests
{
    private const long Gigabyte = 1L << 30;

    private static readonly TrainSettings Reference = new();

    [TestMethod]
    [DataRow(12, 64)]
    [DataRow(24, 256)]
    public void Stable_Diffusion_trains_on_ordinary_GPUs(int gigabytes, int rank)
    {
        var fit = FitLadder.Fit(Reference with { LoraRank = rank }, gigabytes * Gigabyte, Plan);
        Assert.IsNotNull(fit);
        Assert.AreEqual(
            (rank, 0.5, 5.0), (fit.Value.Settings.LoraRank, fit.Value.Settings.LambdaGan, fit.Value.Settings.LambdaLpips),
            "Something was given up.");
        Assert.AreEqual(6, fit.Value.Settings.Data.BatchSize * fit.Value.Settings.GradientAccumulationSteps);
        Assert.IsLessThanOrEqualTo(gigabytes * Gigabyte, Plan(fit.Value.Settings).PeakBytes);
    }

    [TestMethod]
    public void Each_change_takes_less_memory_and_the_lines_are_keys_of_the_file()
    {
        long before = Plan(Reference with { GradientCheckpointing = false, MixedPrecision = MixedPrecision.No }).PeakBytes;
        for (long memory = before - 1; ; memory = before - 1)
        {
            if (
                FitLadder.Fit(Reference with { GradientCheckpointing = false, MixedPrecision = MixedPrecision.No }, memory, Plan)
                is not { } fit
            )
                break;
            long now = Plan(fit.Settings).PeakBytes;
            Assert.IsLessThan(before, now);
            string text = ConfigFile.Text(fit.Settings);
            foreach (string change in fit.Changes)
                StringAssert.Contains(text, change + "  # ");
            Assert.AreEqual(fit.Changes.Count, fit.Changes.Select(change => change.Split(':')[0]).Distinct().Count());
            before = now;
        }
        Assert.IsLessThan(6 * Gigabyte, before);
    }

    [TestMethod]
    public void A_configuration_is_written_that_fits_the_memory_and_is_read_again()
    {
        using var folder = new TemporaryFolder();
        TestImages.Save(folder, "photos/a.png", 64, 64);
        var run = BuiltProgram.Trainer.Run(folder.Path, "init", "photos", "--memory", "12GB").MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Output, "rank 64");
        File.WriteAllText(
            folder["train.yaml"],
            File.ReadAllText(folder["train.yaml"]).Replace("base_model_path: \"TODO\"", "base_model_path: model", StringComparison.Ordinal)
        );
        var settings = ConfigFile.LoadTraining(folder["train.yaml"]);
        Assert.AreEqual(("photos", 64), (settings.Data.Manifest.FileList, settings.LoraRank));
        BuiltProgram.Trainer.Run(folder.Path, "init", "photos").MustEnd(ExitCode.CannotWrite);
        BuiltProgram.Trainer.Run(folder.Path, "init", "photos", "--memory", "12", "-o", "b.yaml").MustEnd(ExitCode.Usage);
        BuiltProgram.Trainer.Run(folder.Path, "init", "nowhere", "-o", "b.yaml").MustEnd(ExitCode.BadFile);
        StringAssert.Contains(
            BuiltProgram.Trainer.Run(folder.Path, "init", "photos", "--memory", "1GB", "-o", "b.yaml").MustEnd(ExitCode.BadFile).Error,
            "smaller model");
        Assert.IsFalse(File.Exists(folder["b.yaml"]));
    }

    [TestMethod, TestCategory("Golden")]
    public void A_dry_run_says_what_is_needed_and_a_run_that_does_not_fit_is_refused_with_what_helps()
    {
        using var setup = new TrainingSetup(3);
        string config = setup.Config("out", 6);
        var dry = BuiltProgram.Trainer.Run(setup.Path, "train", config, "--dry-run").MustEnd(ExitCode.Success);
        foreach (
            string words in new[]
            {
                "LoRA optimizer",
                "discriminator tower",
                "GFLOP",
                "peak",
                "3 images; a step sees 4, so 6 steps are 8 epochs",
                "s a step",
            }
        )
            StringAssert.Contains(dry.Output, words);
        Assert.IsFalse(Directory.Exists(setup["out"]));
        File.WriteAllText(
            config,
            File.ReadAllText(config)
                .Replace("out_size: 64", "out_size: 16384", StringComparison.Ordinal)
                .Replace("batch_size: 2", "batch_size: 64", StringComparison.Ordinal)
        );
        StringAssert.Contains(setup.Train(config).MustEnd(ExitCode.BadFile).Error, "batch_size: ");
        Assert.IsFalse(Directory.Exists(setup["out"]));
    }

    private static RunPlan Plan(TrainSettings settings) => RunPlan.Of(settings, NetworkShapes.StableDiffusion21, null, onGpu: true);
}
