using System.Reflection;
using System.Text.Json;
using Hypir.Networks.Losses;
using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Loop;

namespace Hypir.TrainTool.Tests.Config;

[TestClass]
public sealed class TrainSettingsTests
{
    private static readonly string Template = File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "Hypir.TrainTool.Tests", "Fixtures", "training.yaml"));

    private static readonly string Filled = Template.Replace("TODO", "somewhere", StringComparison.Ordinal);

    [TestMethod]
    public void A_file_with_the_references_keys_works_once_its_paths_are_filled()
    {
        var settings = ConfigFile.ParseTraining(Filled, "x");
        Assert.AreEqual("somewhere", settings.OutputDirectory);
        Assert.AreEqual("somewhere", settings.BaseModelPath);
        Assert.AreEqual("somewhere", settings.Data.Manifest.FileList);
        CollectionAssert.AreEqual(new[] { 0.9, 0.999 }, settings.OptimizerOptions.Betas!.ToArray());
        // All else are the defaults, which are the reference's values: read from the file or not, they are the same.
        var defaults = new TrainSettings
        {
            OutputDirectory = "somewhere",
            BaseModelPath = "somewhere",
            Data = settings.Data,
            OptimizerOptions = settings.OptimizerOptions,
        };
        Assert.AreEqual(ConfigFile.Text(defaults), ConfigFile.Text(settings));
    }

    [TestMethod]
    public void Paths_that_nobody_filled_in_are_told_each_with_its_line()
    {
        var error = Assert.ThrowsExactly<ConfigException>(() => ConfigFile.ParseTraining(Template, "x.yaml"));
        CollectionAssert.AreEquivalent(
            new[] { "output_dir", "base_model_path", "data_config.train.dataset.params.file_meta.file_list" },
            error.Problems.Select(problem => problem.Key).ToArray());
        Assert.IsTrue(
            error.Problems.All(problem => Template.Split('\n')[(int)problem.Line - 1].Contains("TODO", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void What_is_printed_reads_back()
    {
        var changed = new TrainSettings
        {
            OutputDirectory = "out",
            BaseModelPath = "model",
            Kind = TrainKind.FromScratch,
            Network = new() { Family = TrainedFamily.Nafnet, Features = [8], Blocks = [1, 2, 3] },
            InitialWeights = InitialWeights.Identity,
            ModelT = 1,
            CoeffT = 2,
            LoraRank = 3,
            LoraModules = [.. Hypir.Networks.Lora.LoraShapes.Targets.Reverse()],
            LoraInit = "start.pth",
            UseEma = false,
            EmaDecay = 0.5,
            ResumeEma = false,
            LambdaGan = 1,
            LambdaLpips = 2,
            LambdaL2 = 3,
            LambdaL1 = 4,
            LambdaCharbonnier = 5,
            LambdaPsnr = 7,
            LambdaFrequency = 6,
            GanLoss = AdversarialKind.Hinge,
            Schedule = TrainingSchedule.Joint,
            DiscriminatorTower = "t",
            DiscriminatorDecoder = "d",
            DiscriminatorChannels = 8,
            LpipsVgg = "v",
            LpipsLins = "l",
            LearningRateG = 0.5,
            LearningRateD = 0.25,
            LearningRateSchedule = LearningRateSchedule.Cosine,
            WarmupSteps = 9,
            OptimizerType = OptimizerKind.Rmsprop,
            OptimizerOptions = new() { Betas = [0.5, 0.75], Alpha = 0.5, Momentum = 0.25, Epsilon = 0.125, WeightDecay = 0.5 },
            MixedPrecision = MixedPrecision.No,
            Device = "cuda:1",
            MaxTrainSteps = 4,
            GradientAccumulationSteps = 5,
            GradientCheckpointing = false,
            MaxGradNorm = 6,
            LoggingDirectory = "elsewhere",
            ReportTo = null,
            CheckpointingSteps = 7,
            CheckpointsTotalLimit = null,
            ResumeFromCheckpoint = "latest",
            LogImageSteps = 8,
            LogGradSteps = 9,
            LogGradModules = [],
            ValidationPath = "photos",
            ValidationSteps = 10,
            Data = new() { Seed = 3, Manifest = new() { FileList = "list" } },
        };
        foreach (var property in typeof(TrainSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance))
            Assert.AreNotEqual(
                JsonSerializer.Serialize(property.GetValue(new TrainSettings())), JsonSerializer.Serialize(property.GetValue(changed)),
                $"The test forgot {property.Name}.");
        foreach (var property in typeof(OptimizerKeywords).GetProperties(BindingFlags.Public | BindingFlags.Instance))
            Assert.IsNotNull(property.GetValue(changed.OptimizerOptions), $"The test forgot {property.Name}.");
        // Not all of this may stand together: only betas are too much.
        var problems = Assert.ThrowsExactly<ConfigException>(() => ConfigFile.ParseTraining(ConfigFile.Text(changed), "x")).Problems;
        CollectionAssert.AreEquivalent(new[] { "opt_kwargs.betas", "lora_init" }, problems.Select(problem => problem.Key).ToArray());
        changed = changed with { LoraInit = null, OptimizerOptions = changed.OptimizerOptions with { Betas = null } };
        Assert.AreEqual(
            JsonSerializer.Serialize(changed), JsonSerializer.Serialize(ConfigFile.ParseTraining(ConfigFile.Text(changed), "x")));
        var lora = changed with { Kind = TrainKind.Lora, LoraInit = "start.pth" };
        Assert.AreEqual(JsonSerializer.Serialize(lora), JsonSerializer.Serialize(ConfigFile.ParseTraining(ConfigFile.Text(lora), "x")));
    }

    [TestMethod]
    [DataRow("optimizer_type: adam", "optimizer_type: rmsprop", "opt_kwargs.betas", "is not an option of rmsprop", "alpha")]
    [DataRow("betas: [0.9, 0.999]", "alpha: 0.9", "opt_kwargs.alpha", "is not an option of adam", "betas")]
    [DataRow("betas: [0.9, 0.999]", "betas: [0.9]", "opt_kwargs.betas", "is [0.9]", "two numbers")]
    [DataRow("lora_rank: 256", "lora_rank: 0", "lora_rank", "is 0", "1 to 4096")]
    [DataRow("lora_rank: 256", "lora_rank: ~", "lora_rank", "without a value", "1 to 4096")]
    [DataRow("lr_G: 1e-5", "lr_G: 0", "lr_G", "is 0", "above 0")]
    [DataRow("mixed_precision: bf16", "mixed_precision: fp16", "mixed_precision", "is fp16", "no, bf16")]
    [DataRow("base_model_type: sd2", "base_model_type: flux", "base_model_type", "is flux", "sd2")]
    [DataRow("report_to: tensorboard", "report_to: wandb", "report_to", "is wandb", "tensorboard")]
    [DataRow("model_t: 200", "model_t: 1000", "model_t", "is 1000", "999")]
    [DataRow("max_train_steps: 30000", "max_train_step: 30000", "max_train_step", "is not a known key", "max_train_steps")]
    [DataRow("lambda_gan: 0.5", "train: from_scratch", "mixed_precision", "is bf16", "no")]
    [DataRow("lora_modules: [to_k, ", "lora_modules: [", "lora_modules", "differ from the reference", "to_k")]
    [DataRow("resize_back: true", "resize_back: false", "data_config.train.batch_transform.params.resize_back", "smaller", "stage2_scale")]
    [DataRow("out_size: 512", "out_size: 510", "data_config.train.dataset.params.out_size", "is 510", "multiple of 8")]
    [DataRow("lambda_l2: 1", "device: tpu", "device", "is tpu", "cuda:1")]
    public void What_is_wrong_is_told_with_line_key_and_remedy(string find, string replace, string key, string what, string allowed)
    {
        Assert.IsTrue(Filled.Contains(find, StringComparison.Ordinal), $"The file has no {find}.");
        var problem = Assert
            .ThrowsExactly<ConfigException>(() => ConfigFile.ParseTraining(Filled.Replace(find, replace, StringComparison.Ordinal), "x"))
            .Problems.Single();
        Assert.AreEqual(key, problem.Key);
        StringAssert.Contains(problem.What, what);
        StringAssert.Contains(problem.Allowed, allowed);
        Assert.IsTrue(problem.Line > 1);
    }

    [TestMethod]
    public void A_run_without_any_loss_is_refused()
    {
        string none = Filled
            .Replace("lambda_gan: 0.5", "lambda_gan: 0", StringComparison.Ordinal)
            .Replace("lambda_lpips: 5", "lambda_lpips: 0", StringComparison.Ordinal)
            .Replace("lambda_l2: 1", "lambda_l2: 0", StringComparison.Ordinal);
        Assert.AreEqual(
            "lambda_l2", Assert.ThrowsExactly<ConfigException>(() => ConfigFile.ParseTraining(none, "x")).Problems.Single().Key);
        ConfigFile.ParseTraining(none + "\nlambda_charbonnier: 1\n", "x");
    }

    [TestMethod]
    public void Degrading_takes_the_same_file_and_minds_the_data_alone() => Assert.AreEqual(231, ConfigFile.Parse(Template, "x").Seed);
}
