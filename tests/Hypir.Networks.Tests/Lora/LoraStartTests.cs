using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using Hypir.Networks.UNet;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Lora;

/// <summary>Where a training's adapters start: a file's, the same at another rank, or new ones.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class LoraStartTests : TensorTest
{
    [TestMethod]
    public void A_lower_rank_is_the_nearest_and_its_error_is_told()
    {
        using var scope = NewDisposeScope();
        using SafetensorsFile file = File();
        LoraWeights all = LoraWeights.Check(file, Network());
        long rank = Rank(all);
        double lost = 0, whole = 0;
        using var lower = new TruncatedLora(all, rank - 1, seed: 1);
        foreach (string module in all.Modules)
        {
            (Tensor down, Tensor up) = lower.Factors(module, ScalarType.Float64, CPU);
            Assert.AreEqual(rank - 1, down.shape[0]);
            Tensor expected = all.Delta(module, ScalarType.Float64).flatten(1), actual = up.flatten(1).matmul(down.flatten(1));
            double[] singular = linalg.svdvals(expected).data<double>().ToArray();
            // Eckart and Young: what is left out is exactly the singular values that are.
            Assert.AreEqual(
                Math.Sqrt(singular[(int)(rank - 1)..].Sum(s => s * s)), (expected - actual).norm().item<double>(), 1e-10 * singular[0],
                module);
            (lost, whole) = (lost + (expected - actual).square().sum().item<double>(), whole + expected.square().sum().item<double>());
        }

        Assert.AreEqual(Math.Sqrt(lost / whole), lower.RelativeError, 1e-9);
        Console.WriteLine($"rank {rank} to {rank - 1}: {lower.RelativeError:p2} lost");
        Assert.IsGreaterThan(0.01, lower.RelativeError);
    }

    [TestMethod]
    public void A_higher_rank_keeps_the_product_and_can_learn()
    {
        using var scope = NewDisposeScope();
        using SafetensorsFile file = File();
        LoraWeights all = LoraWeights.Check(file, Network());
        long rank = Rank(all) + 3;
        using var higher = new TruncatedLora(all, rank, seed: 1);
        foreach (string module in all.Modules)
        {
            (Tensor down, Tensor up) = higher.Factors(module, ScalarType.Float64, CPU);
            CollectionAssert.AreEqual(
                new[] { rank, up.shape[0] }, new[] { down.shape[0], all.Factors(module, ScalarType.Float64, CPU).Up.shape[0] });
            Numbers.AssertClose(all.Delta(module, ScalarType.Float64).flatten(1), up.flatten(1).matmul(down.flatten(1)), 1e-12, module);
            Assert.IsGreaterThan(0, down[-1].abs().max().item<double>(), "Both factors of zeros would never learn.");
        }

        Assert.AreEqual(0, higher.RelativeError, 1e-7);
    }

    [TestMethod]
    public void The_same_rank_is_the_file_itself_as_the_reference_saves_it()
    {
        using var scope = NewDisposeScope();
        using SafetensorsFile file = File();
        using ITensorSource released = CheckpointFile.Open(Goldens.Require("tiny-lora", "state_dict.pth"));
        LoraWeights all = LoraWeights.Check(file, Network()), pickled = LoraWeights.Check(released, Network());
        using var same = new TruncatedLora(pickled, Rank(all), seed: 1);
        foreach (string module in all.Modules)
            Assert.IsTrue(
                all.Factors(module, ScalarType.Float32, CPU).Up.equal(same.Factors(module, ScalarType.Float32, CPU).Up).all().item<bool>(),
                module);
    }

    [TestMethod]
    public void New_adapters_change_nothing_at_first_and_have_the_references_deviation()
    {
        using var scope = NewDisposeScope();
        const int Rank = 16;
        using var start = new GaussianLora(Network(), Rank, seed: 5);
        using var again = new GaussianLora(Network(), Rank, seed: 5);
        var drawn = new List<Tensor>();
        foreach (string module in start.Modules)
        {
            (Tensor down, Tensor up) = start.Factors(module, ScalarType.Float32, CPU);
            Assert.AreEqual(0, up.abs().max().item<float>());
            Assert.IsTrue(down.equal(again.Factors(module, ScalarType.Float32, CPU).Down).all().item<bool>());
            drawn.Add(down.flatten());
        }

        Tensor all = cat([.. drawn]);
        Assert.AreEqual(1.0 / Rank, all.std().item<float>(), 0.01 / Rank);
        Assert.AreEqual(0, all.mean().item<float>(), 0.01 / Rank);
    }

    [TestMethod]
    public void Adapters_in_float32_learn_beside_weights_in_bfloat16()
    {
        using var scope = NewDisposeScope();
        using UNet2DConditionModel wide = TinyModel.UNetWithLora(ScalarType.Float32, merged: false);
        using UNet2DConditionModel narrow = TinyModel.UNet(ScalarType.BFloat16);
        using SafetensorsFile file = File();
        LoraAttachment.Attach(narrow, LoraWeights.Check(file, Network()), ScalarType.Float32, CPU, trainable: true);
        UNetConfig config = wide.Config;
        Tensor sample = randn(1, config.InChannels, 8, 8), text = randn(1, 5, config.CrossAttentionDim), time = tensor(new[] { 200L });
        wide.Forward(sample, time, text).sum().backward();
        narrow.Forward(sample.to(ScalarType.BFloat16), time, text.to(ScalarType.BFloat16)).sum().backward();
        Tensor[] gradients = [Gradients(wide), Gradients(narrow)];
        Assert.IsTrue(gradients.All(g => g.dtype == ScalarType.Float32));
        Assert.IsFalse(narrow.parameters().Any(p => p.dtype == ScalarType.BFloat16 && p.requires_grad));
        // bfloat16 has 8 bits: activations differ by 2^-9 a layer, so that gradients agree in direction and to a few percent.
        double difference = ((gradients[0] - gradients[1]).norm() / gradients[0].norm()).item<float>();
        Console.WriteLine($"difference of the gradients: {difference:p1}");
        Assert.IsLessThan(0.2, difference);

        Tensor Gradients(UNet2DConditionModel network)
        {
            Parameter[] trained =
            [
                .. network
                    .named_parameters()
                    .Where(p => p.parameter.requires_grad)
                    .OrderBy(p => p.name, StringComparer.Ordinal)
                    .Select(p => p.parameter),
            ];
            Tensor flat = cat([.. trained.Select(p => p.grad!.flatten())]);
            foreach (Parameter parameter in trained)
                parameter.grad = null;
            return flat;
        }
    }

    private static SafetensorsFile File() => SafetensorsFile.Open(Goldens.Require("tiny-lora", "state_dict.safetensors"));

    private static IReadOnlyDictionary<string, long[]> Network()
    {
        UNetConfig config = TinyModel.UNetConfig;
        return ShapeRecorder.Record(w => new UNet2DConditionModel(config, w));
    }

    private static long Rank(LoraWeights lora)
    {
        using var scope = NewDisposeScope();
        return lora.Factors(lora.Modules.First(), ScalarType.Float32, CPU).Down.shape[0];
    }
}
