using Hypir.Networks.SinglePass;
using Hypir.Testing;
using Hypir.Training.Data;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Degradation.Recipes;
using Hypir.Training.Logging;
using Hypir.Training.Models;
using Hypir.Training.Photos;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>Single-pass networks that start from a file and learn what another one does.</summary>
[TestClass]
public sealed class TeacherTests : TensorTest
{
    private const int Size = 24, Scale = 2;

    private static string File => Goldens.Require("single-pass", "compact-x2.pth");

    /// <summary>The mean of both results, and near a mark only that of the clean image.</summary>
    [TestMethod]
    public void A_target_is_the_mean_of_the_results_but_for_marks()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var plan = new PhotoPlan
        {
            Crop = new(0, 0, Size, 1, [(0, 0)], 0),
            Marks = [new((PhotoDamage.Margin + 2, 0), (PhotoDamage.Margin + 2, 30), (PhotoDamage.Margin + 2, 60), 1, 255, 1, 0, 0)],
        };
        var random = new Random(4);
        float[] clean = [.. Enumerable.Range(0, 3 * Size * Size).Select(_ => random.NextSingle())];
        byte[] damaged = [.. Enumerable.Range(0, 3 * Size * Size).Select(_ => (byte)random.Next(256))];
        var recipe = new BatchRecipe([new SampleRecipe { Name = "a", Source = "a" }], new DegradationRecipe { Images = [new()] });
        var pairs = new PairBatch(0, [new TrainingPair(clean, damaged, Size, Size, recipe, 0) { Photo = plan }]);
        using Teacher teacher = Teacher.Load(new(File, null, 0), 0.25, Scale, CPU);
        Tensor target = teacher.Targets(pairs, pairs.Gt(CPU), pairs.Lq(CPU));

        using SinglePassModel model = SinglePassModel.Load(SinglePassFile.Open(File), ScalarType.Float32);
        Tensor one = model.Evaluate(pairs.Gt(CPU)), other = model.Evaluate(pairs.Lq(CPU));
        Tensor mean = one * 0.75 + other * 0.25;
        // Columns 0 to 2 may be marked, and 4 more are near.
        const int Near = (3 + 4) * Scale;
        Assert.AreEqual(0, (target - mean).narrow(3, Near + Scale, Size * Scale - Near - Scale).abs().max().item<float>(), 1e-5);
        Assert.AreEqual(0, (target - one).narrow(3, 0, Near - Scale).abs().max().item<float>(), 1e-5);
        Assert.IsGreaterThan(0.01, (mean - one).abs().max().item<float>());
    }

    [TestMethod]
    [DataRow(new string[0], true)]
    [DataRow(new[] { "a.pth" }, true)]
    [DataRow(new[] { "a.pth=0.7", "b.pth=0.3" }, true)]
    [DataRow(new[] { "a.pth=0.7", "b.pth=0.7" }, false)]
    [DataRow(new[] { "a.pth", "b.pth" }, false)]
    [DataRow(new[] { "a.pth=1.5", "b.pth=-0.5" }, false)]
    [DataRow(new[] { "a=0.3", "b=0.3", "c=0.4" }, false)]
    public void A_teacher_is_one_file_or_a_mix_of_two(string[] files, bool valid) =>
        Assert.AreEqual(valid, TeacherFiles.Parse(files) is not null);

    /// <summary>A network that is its own teacher has nothing to learn from unmarked images: its first loss is 0.</summary>
    [TestMethod]
    public void A_network_from_a_file_starts_as_its_teacher_and_is_written_as_it_was()
    {
        using var setup = new TrainingSetup(3);
        setup.Train(Config(setup, "same", steps: 2, share: 1, marks: 0)).MustEnd(ExitCode.Success);
        Assert.AreEqual(0, MetricsLog.Read(setup["same/metrics.jsonl"])["G_l1"][0].Value, 1e-5);

        setup.Train(Config(setup, "marks", steps: 2, share: 1, marks: 1)).MustEnd(ExitCode.Success);
        var curves = MetricsLog.Read(setup["marks/metrics.jsonl"]);
        Assert.IsGreaterThan(1e-4, curves["G_l1"][0].Value);
        Assert.IsTrue(curves.ContainsKey("validation/psnr"), string.Join(' ', curves.Keys));
        using SinglePassFile before = SinglePassFile.Open(File), after = SinglePassFile.Open(setup["marks/model.safetensors"]);
        Assert.AreEqual(before.Outline.Title, after.Outline.Title);
    }

    [TestMethod]
    public void A_network_that_enlarges_needs_a_teacher_of_its_scale()
    {
        using var setup = new TrainingSetup(1);
        string path = Config(setup, "x", steps: 1, share: 1, marks: 0), text = System.IO.File.ReadAllText(path);
        System.IO.File.WriteAllText(path, text.Replace($"teacher: [{File}]", "teacher: []", StringComparison.Ordinal));
        StringAssert.Contains(setup.Train(path).MustEnd(ExitCode.BadFile).Error, "A network that enlarges needs a teacher");
        string other = Goldens.Require("single-pass", "compact-x1.pth");
        System.IO.File.WriteAllText(path, text.Replace($"teacher: [{File}]", $"teacher: [{other}]", StringComparison.Ordinal));
        StringAssert.Contains(setup.Train(path).MustEnd(ExitCode.BadFile).Error, "must enlarge 2 times");
    }

    private static string Config(TrainingSetup setup, string output, int steps, int share, int marks)
    {
        string path = setup.File($"{output}.yaml");
        System.IO.File.WriteAllText(path, $$$"""
            train: single_pass
            network: {file: {{{File}}}, teacher: [{{{File}}}], teacher_share: {{{share}}}}
            output_dir: {{{setup[output]}}}
            lambda_l1: 1
            lambda_gan: 0
            lambda_lpips: 0
            lambda_l2: 0
            lr_G: 1e-4
            max_train_steps: {{{steps}}}
            checkpointing_steps: 8
            log_image_steps: 1
            gradient_checkpointing: false
            mixed_precision: no
            device: cpu
            report_to: ~
            validation_path: {{{setup["photos"]}}}
            validation_steps: 2
            data_config:
              train:
                batch_size: 2
                photos: {enabled: true, sizes: [24], small_reduction: [1, 1], dead_leaves_prob: 0,
            """ + $$$"""
             validation_size: 24, marks_prob: {{{marks}}}}
                dataset: {params: {file_meta: {file_list: {{{setup["photos"]}}}}, out_size: 24}}
                batch_transform: {params: {queue_size: 0}}
            """);
        return path;
    }
}
