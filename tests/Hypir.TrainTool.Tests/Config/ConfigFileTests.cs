using System.Reflection;
using System.Text.Json;
using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Kernels;

namespace Hypir.TrainTool.Tests.Config;

[TestClass]
public sealed class ConfigFileTests
{
    private static readonly string TrainingFile = Path.Combine(
        Repository.Root, "tests", "Hypir.TrainTool.Tests", "Fixtures", "training.yaml");

    [TestMethod]
    public void A_file_with_the_references_keys_is_read_as_it_is()
    {
        var settings = ConfigFile.Load(TrainingFile);
        Assert.AreEqual(231, settings.Seed);
        Assert.AreEqual((6, 2, 256), (settings.BatchSize, settings.Workers, settings.QueueSize));
        Assert.IsNull(settings.Manifest.FileList);
        Assert.AreEqual((CropType.None, 512), (settings.Crop.Type, settings.Crop.Size));
        Assert.IsTrue(settings.Flips.UseHorizontal && !settings.Flips.UseRotation);
        // All else are the defaults, which are the reference's values: read from the file or not, they are the same.
        Assert.AreEqual(Text(new() { Flips = new() { UseHorizontal = true } }), Text(settings));
    }

    [TestMethod, TestCategory("Golden")]
    public void The_defaults_are_what_the_reference_ran_with()
    {
        foreach (string path in Goldens.Cases("*.safetensors", "degradation", "runs"))
        {
            using var golden = new GoldenCase(path);
            string[] lines = [.. golden.Case.GetProperty("settings").EnumerateObject()
                .Where(entry => entry.Name is not ("queue_size" or "stage2_scale" or "resize_back" or "use_sharpener"))
                .Select(entry => $"        {entry.Name}: {entry.Value.GetRawText()}")];
            string yaml = "data_config:\n  train:\n    batch_transform:\n      params:\n" + string.Join('\n', lines);
            Assert.AreEqual(Text(new()), Text(ConfigFile.Parse(yaml, golden.Name)), golden.Name);
        }
    }

    [TestMethod]
    public void What_is_printed_reads_back()
    {
        var changed = new DataSettings
        {
            Seed = 9,
            BatchSize = 3,
            Workers = 1,
            QueueSize = 7,
            Manifest = new()
            {
                FileList = "a \"list\": 1.txt",
                ImagePathPrefix = "x",
                ImagePathKey = "p",
                PromptKey = "none",
            },
            Crop = new()
            {
                Type = CropType.Random,
                Size = 64,
                Fraction = new(0.5, 0.75),
            },
            Flips = new()
            {
                UseHorizontal = true,
                UseRotation = true,
                HorizontalProbability = 0.1,
                VerticalProbability = 0.2,
                TransposeProbability = 0.3,
            },
            EmptyPromptProbability = 0.5,
            Degradation = new()
            {
                UseSharpener = false,
                Sharpen = new() { Radius = 7, Sigma = 2, Weight = 1, Threshold = 3 },
                Blur1 = new()
                {
                    Side = 31,
                    Probability = 0.6,
                    Kinds = [KernelKind.Aniso, KernelKind.Iso],
                    KindProbabilities = [0.25, 0.75],
                    SincProbability = 0.3,
                    Sizes = new(3, 31),
                    Sigma = new(1, 2),
                    Rotation = new(-1, 1),
                    GeneralizedBeta = new(0.75, 2),
                    PlateauBeta = new(0.5, 3),
                    BetaBelowOneProbability = 0.1,
                    SincCutoffSmall = new(1, 2),
                    SincCutoffLarge = new(0.5, 1.5),
                    SincLargeFrom = 11,
                },
                FinalSinc = new() { Probability = 0.1, Sizes = new(5, 9), Cutoff = new(1.25, 3) },
                Stage1 = new()
                {
                    ResizeProbabilities = [0.5, 0.25, 0.25],
                    Resize = new(0.25, 2),
                    NoiseProbability = 0.4,
                    GaussianProbability = 0.25,
                    Gaussian = new(2, 3),
                    Poisson = new(1, 2),
                    GreyProbability = 0.75,
                    JpegProbability = 0.7,
                    Quality = new(10, 20),
                },
                SecondBlurProbability = 0.25,
                Stage2Scale = new(1, 3.5),
                ResizeModes = [ResizeMode.Bicubic],
                SincFirstProbability = 0.875,
                ResizeBack = false,
                DifferentiableJpeg = true,
            },
            Photos = new()
            {
                Enabled = true,
                Reduction = new(2, 3),
                SmallReduction = new(1, 2),
                LargeFrom = 900,
                Choices = 3,
                DeadLeavesProbability = 0.25,
                PatternProbability = 0.375,
                MarksProbability = 0.625,
                GrayProbability = 0.125,
                TwiceProbability = 0.5,
                ShiftedProbability = 0.25,
                Sizes = [64, 128],
                SizeSteps = [100],
                ValidationSize = 256,
            },
        };
        changed = changed with
        {
            Degradation = changed.Degradation with
            {
                Blur2 = changed.Degradation.Blur1 with { SincLargeFrom = 5 },
                Stage2 = changed.Degradation.Stage1 with { Quality = new(1, 99) },
            },
        };
        AssertEveryValueDiffers(changed, new DataSettings(), "");
        Assert.AreEqual(Json(changed), Json(ConfigFile.Parse(ConfigFile.Text(changed), "printed")));
        Assert.AreEqual(Json(new()), Json(ConfigFile.Parse(ConfigFile.Text(new DataSettings()), "printed")));
    }

    [TestMethod]
    [DataRow("        sinc_prob: 0.1", "        sinc_prob: 1.5", "sinc_prob is 1.5", "0 to 1")]
    [DataRow("        sinc_prob: 0.1", "        sinc_prob: often", "sinc_prob is often", "0 to 1")]
    [DataRow("        sinc_prob: 0.1", "        sinc_prob: '0.1'", "sinc_prob is 0.1", "0 to 1")]
    [DataRow("        sinc_prob: 0.1", "        sinc_prob:", "without a value", "0 to 1")]
    [DataRow("        sinc_prob: 0.1", "        sinc_probability: 0.1", "sinc_probability is not a known key", "sinc_prob")]
    [DataRow("kernel_prob: [0.45, ", "kernel_prob: [0.46, ", "kernel_prob is [0.46", "sum to 1")]
    [DataRow("kernel_prob: [0.45, 0.25, ", "kernel_prob: [0.7, ", "5 probabilities for 6 kinds", "as many as")]
    [DataRow("['iso', 'aniso', ", "['iso', 'anisotropic', ", "kernel_list is", "generalized_iso")]
    [DataRow("blur_sigma: [0.2, 3]", "blur_sigma: [3, 0.2]", "blur_sigma is [3, 0.2]", "lower first")]
    [DataRow("blur_sigma: [0.2, 3]", "blur_sigma: 3", "blur_sigma is 3", "two numbers")]
    [DataRow("resize_range: [0.15, 1.5]", "resize_range: [1.1, 1.5]", "resize_range is", "at most 1")]
    [DataRow("jpeg_range: [30, 95]", "jpeg_range: [30, 100]", "jpeg_range is", "99.9")]
    [DataRow("crop_type: none", "crop_type: middle", "crop_type is middle", "center")]
    [DataRow("blur_kernel_size: 21", "blur_kernel_size: 20", "blur_kernel_size is 20", "odd")]
    [DataRow("blur_kernel_size: 21", "blur_kernel_size: 19", "kernel_size_range goes up to 21", "19")]
    [DataRow("target: HYPIR.dataset.realesrgan.RealESRGANDataset", "target: os.system", "target is os.system", "RealESRGANDataset")]
    [DataRow("batch_size: 6", "batch_size: 6.5", "batch_size is 6.5", "whole number")]
    [DataRow("use_rot: false", "use_rot: 0", "use_rot is 0", "true or false")]
    [DataRow("lambda_gan: 0.5", "lamda_gan: 0.5", "lamda_gan is not a known key", "lambda_gan")]
    public void What_is_wrong_is_told_with_line_key_and_what_is_allowed(string find, string replace, string what, string allowed)
    {
        string good = File.ReadAllText(TrainingFile);
        int at = good.IndexOf(find, StringComparison.Ordinal);
        Assert.IsTrue(at > 0, $"The file has no {find}.");
        string bad = good[..at] + replace + good[(at + find.Length)..];
        var error = Assert.ThrowsExactly<ConfigException>(() => ConfigFile.Parse(bad, "bad.yaml"));
        var problem = error.Problems.Single();
        StringAssert.Contains(problem.ToString(), what);
        StringAssert.Contains(problem.Allowed, allowed);
        // A key that the file lacks (kernel_size_range) has no line of its own.
        Assert.AreEqual(
            problem.Key.EndsWith("kernel_size_range", StringComparison.Ordinal) ? 1 : good[..at].Count(c => c == '\n') + 1, problem.Line);
        StringAssert.Contains(error.Message, $"bad.yaml, line {problem.Line}: ");
    }

    [TestMethod]
    public void All_problems_are_told_at_once()
    {
        string bad = File.ReadAllText(TrainingFile).Replace("second_blur_prob: 0.8", "second_blur_prob: 8", StringComparison.Ordinal)
            .Replace("final_sinc_prob: 0.8", "final_sink_prob: 0.8", StringComparison.Ordinal);
        var error = Assert.ThrowsExactly<ConfigException>(() => ConfigFile.Parse(bad, "bad.yaml"));
        Assert.AreEqual(2, error.Problems.Count);
        Assert.IsTrue(error.Problems[0].Line < error.Problems[1].Line);
    }

    [TestMethod]
    [
        DataRow("a: [1"), DataRow("a: 1\na: 2"), DataRow("- 1\n- 2"), DataRow("text"), DataRow(""), DataRow("a: 1\n---\nb: 2"),
        DataRow("data_config: 3")
    ]
    public void What_is_no_configuration_is_told(string yaml) =>
        Assert.ThrowsExactly<ConfigException>(() => ConfigFile.Parse(yaml, "bad.yaml"));

    [TestMethod]
    public void A_missing_file_is_told() =>
        StringAssert.Contains(Assert.ThrowsExactly<ConfigException>(() => ConfigFile.Load("nowhere.yaml")).Message, "nowhere.yaml");

    [TestMethod]
    public void A_scale_is_a_number_or_a_range()
    {
        DataSettings Scale(string value) =>
            ConfigFile.Parse($"data_config: {{train: {{batch_transform: {{params: {{stage2_scale: {value}}}}}}}}}", "x");
        Assert.AreEqual(new(2.5, 2.5), Scale("2.5").Degradation.Stage2Scale);
        Assert.AreEqual(new(1, 4), Scale("[1, 4]").Degradation.Stage2Scale);
        Assert.ThrowsExactly<ConfigException>(() => Scale("0.5"));
        Assert.ThrowsExactly<ConfigException>(() => Scale("[4, 1]"));
    }

    /// <summary>Every value below must have been changed, so that a key that is not printed or not read shows.</summary>
    private static void AssertEveryValueDiffers(object changed, object original, string path)
    {
        foreach (var property in changed.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            object? value = property.GetValue(changed), other = property.GetValue(original);
            if (property.PropertyType.IsClass && property.PropertyType.Namespace!.StartsWith("Hypir", StringComparison.Ordinal))
                AssertEveryValueDiffers(value!, other!, $"{path}.{property.Name}");
            else
                Assert.AreNotEqual(
                    JsonSerializer.Serialize(other), JsonSerializer.Serialize(value), $"The test forgot {path}.{property.Name}.");
        }
    }

    private static string Json(DataSettings settings) => JsonSerializer.Serialize(settings);

    private static string Text(DataSettings settings) => ConfigFile.Text(settings);
}
