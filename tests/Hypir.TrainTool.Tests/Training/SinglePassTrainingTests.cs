using Hypir.Networks;
using Hypir.Networks.Fast.Training;
using Hypir.Networks.SinglePass;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Logging;
using Hypir.Training.Loop;
using Hypir.Training.Models;
using Hypir.Training.Planning;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>Single-pass networks that are trained from nothing.</summary>
[TestClass]
public sealed class SinglePassTrainingTests : TensorTest
{
    [TestMethod]
    [DataRow(TrainedFamily.Drunet, new[] { 8, 8, 12, 16 }, new[] { 1 })]
    [DataRow(TrainedFamily.Nafnet, new[] { 8 }, new[] { 1, 1, 2, 1, 1 })]
    [DataRow(TrainedFamily.Compact, new[] { 8 }, new[] { 3 })]
    public void A_new_network_gives_back_the_image_and_a_file_of_it_is_recognized(TrainedFamily family, int[] features, int[] blocks)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var design = new NetworkSettings { Family = family, Features = features, Blocks = blocks };
        Assert.IsNull(NetworkDesign.Problem(design));
        SinglePassOutline outline = NetworkDesign.Outline(design);
        using var random = new FreshWeights(3, ScalarType.Float32, CPU);
        using SinglePassNetwork network = NetworkDesign.FamilyOf(outline)
            .Build(outline, new WeightScope(new IdentitySinglePassWeights(random, outline)));
        Tensor image = rand([1, 3, 16, 24], generator: new Generator(1));
        Tensor result = network.Forward(image, NetworkRun.Unobserved, null);
        Assert.AreEqual(0, (result - image).abs().max().item<float>(), 1e-6);
        using var folder = new TemporaryFolder();
        Hypir.Networks.Checkpoints.SafetensorsWriter.Write(
            folder["x.safetensors"], network.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter));
        using SinglePassFile file = SinglePassFile.Open(folder["x.safetensors"]);
        Assert.AreEqual(outline.Title, file.Outline.Title);
    }

    /// <summary>In float64, where both round away alike.</summary>
    [TestMethod]
    [DataRow(TrainedFamily.Drunet, new[] { 16, 32, 16, 16 }, new[] { 1 })]
    [DataRow(TrainedFamily.Nafnet, new[] { 8 }, new[] { 1, 1, 2, 1, 1 })]
    [DataRow(TrainedFamily.Compact, new[] { 20 }, new[] { 2 })]
    public void Fast_gradients_of_a_network_are_the_plain_ones(TrainedFamily family, int[] features, int[] blocks)
    {
        using var scope = NewDisposeScope();
        SinglePassOutline outline = NetworkDesign.Outline(new() { Family = family, Features = features, Blocks = blocks });
        using var random = new FreshWeights(3, ScalarType.Float64, CPU);
        using SinglePassNetwork network = NetworkDesign.FamilyOf(outline).Build(outline, new WeightScope(random));
        Tensor image = rand([2, 3, 16, 24], ScalarType.Float64, generator: new Generator(1));
        var parameters = network.parameters().ToArray();
        foreach (var parameter in parameters)
            parameter.requires_grad = true;
        Tensor[] plain = Gradients();
        FastGradients.Use(network);
        Tensor[] fast = Gradients();
        for (int i = 0; i < plain.Length; i++)
            Numbers.AssertClose(plain[i], fast[i], 1e-10, $"parameter {i}");
        Assert.IsTrue(plain.Zip(fast).Any(pair => !pair.First.equal(pair.Second).all().item<bool>()), "Nothing was computed by our loops.");

        Tensor[] Gradients()
        {
            Tensor result = network.Forward(image, NetworkRun.Unobserved, null);
            (result * result).sum().backward();
            Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad!.clone())];
            foreach (var parameter in parameters)
                parameter.grad = null;
            return gradients;
        }
    }

    [TestMethod]
    public void A_run_learns_and_goes_on_where_it_was_stopped()
    {
        using var setup = new TrainingSetup(4);
        setup.Train(Config(setup, "whole", 24)).MustEnd(ExitCode.Success);
        setup.Train(Config(setup, "part", 14)).MustEnd(ExitCode.Success);
        var run = setup.Train(Config(setup, "part", 24), "--pause-file", setup["none"]).MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Error, "resumes from");
        Assert.AreEqual(setup.Weights("whole/model.safetensors"), setup.Weights("part/model.safetensors"));
        var curves = MetricsLog.Read(setup["whole/metrics.jsonl"]);
        CollectionAssert.AreEqual(
            curves["G_psnr"].ToArray(), MetricsLog.Read(setup["part/metrics.jsonl"])["G_psnr"].ToArray());
        foreach (string kind in (string[])["blur", "noise", "jpeg", "mixture", "undamaged", "gain"])
            Assert.HasCount(2, curves[$"validation/{kind}"], kind);
        Assert.IsGreaterThan(curves["validation/noise"][0].Value, curves["validation/noise"][1].Value);
        using SinglePassFile file = SinglePassFile.Open(setup["whole/model.safetensors"]);
        Assert.AreEqual("DRUNet, 1x, 16, 16, 16, 16 features, 1 blocks a level", file.Outline.Title);
    }

    [TestMethod]
    public void A_plan_counts_each_weight_at_each_of_its_positions()
    {
        var settings = new TrainSettings
        {
            Network = new() { Family = TrainedFamily.Compact, Features = [16], Blocks = [2] },
            Data = new() { BatchSize = 2, Crop = new() { Size = 32 } },
        };
        RunPlan plan = SinglePassPlan.Of(settings, onGpu: false);
        // 3 to 16, twice 16 to 16, 16 to 3; forward and twice backward.
        Assert.AreEqual(3 * 2.0 * 9 * (48 + 2 * 256 + 48) * 2 * 32 * 32, plan.StepOperations);
        Assert.IsGreaterThan(200L << 20, plan.PeakBytes);
    }

    [TestMethod]
    public void Sizes_that_do_not_fit_the_family_are_refused_with_their_lines()
    {
        using var setup = new TrainingSetup(0);
        string text = File.ReadAllText(Config(setup, "x", 1)).Replace("[16, 16, 16, 16]", "[8, 8]", StringComparison.Ordinal)
            .Replace("size_steps: [10]", "size_steps: [10, 5]", StringComparison.Ordinal);
        var error = Assert.ThrowsExactly<ConfigException>(() => ConfigFile.ParseTraining(text, "x"));
        CollectionAssert.AreEquivalent(
            new[] { "network.features", "data_config.train.photos.size_steps" }, error.Problems.Select(problem => problem.Key).ToArray());
    }

    [TestMethod]
    public void A_run_waits_while_its_pause_file_exists()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("pause", "");
        var notes = new List<string>();
        new PauseFile(file).Wait(
            note =>
            {
                notes.Add(note);
                File.Delete(file);
            },
            CancellationToken.None);
        Assert.HasCount(2, notes);
        new PauseFile(file).Wait(notes.Add, CancellationToken.None);
        new PauseFile(null).Wait(notes.Add, CancellationToken.None);
        Assert.HasCount(2, notes);
        folder.Write("pause", "");
        Assert.ThrowsExactly<OperationCanceledException>(() => new PauseFile(file).Wait(notes.Add, new CancellationToken(true)));
    }

    private static string Config(TrainingSetup setup, string output, int steps)
    {
        string path = setup.File($"{output}.yaml");
        File.WriteAllText(path, $$$"""
            train: single_pass
            initial_weights: identity
            network: {family: drunet, features: [16, 16, 16, 16], blocks: [1]}
            output_dir: {{{setup[output]}}}
            lambda_psnr: 1
            lambda_gan: 0
            lambda_lpips: 0
            lambda_l2: 0
            lr_G: 3e-3
            ema_decay: 0.5
            opt_kwargs: {betas: [0.9, 0.9]}
            max_train_steps: {{{steps}}}
            checkpointing_steps: 8
            log_image_steps: 1000
            gradient_checkpointing: false
            mixed_precision: no
            device: cpu
            report_to: ~
            validation_path: {{{setup["photos"]}}}
            validation_steps: 12
            data_config:
              train:
                batch_size: 2
                photos:
                  {enabled: true, sizes: [16, 24], size_steps: [10], small_reduction: [1, 1], dead_leaves_prob: 0, validation_size: 24}
                dataset: {params: {file_meta: {file_list: {{{setup["photos"]}}}}, out_size: 24, blur_sigma: [0.4, 1.6], blur_prob: 0.5}}
                batch_transform: {params: {queue_size: 0, noise_prob: 0.5}}
            """);
        return path;
    }
}
