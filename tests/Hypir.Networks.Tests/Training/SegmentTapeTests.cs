using Hypir.Networks.Discriminator;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Planning.Configs;
using Hypir.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Training;

/// <summary>Gradients through a tape, which computes segments again, equal autograd's own.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class SegmentTapeTests : TensorTest
{
    [TestMethod]
    public void UNet_with_adapters_has_equal_gradients()
    {
        using var scope = NewDisposeScope();
        using UNet2DConditionModel unet = TinyModel.UNetWithLora(ScalarType.Float64, merged: false);
        UNetConfig config = unet.Config;
        Tensor sample = randn([2, config.InChannels, 9, 12], ScalarType.Float64),
            text = randn([2, 5, config.CrossAttentionDim], ScalarType.Float64);
        Compare([.. unet.named_parameters().Where(p => p.parameter.requires_grad)], run =>
            unet.Forward(sample, tensor(new[] { 200L, 40L }), text, run)
        );
    }

    [TestMethod]
    public void UNet_that_trains_whole_has_equal_gradients_its_time_embedding_too()
    {
        using var scope = NewDisposeScope();
        using UNet2DConditionModel unet = TinyModel.UNet(ScalarType.Float64);
        foreach (Parameter parameter in unet.parameters())
            parameter.requires_grad = true;
        UNetConfig config = unet.Config;
        Tensor sample = randn([1, config.InChannels, 8, 8], ScalarType.Float64),
            text = randn([1, 5, config.CrossAttentionDim], ScalarType.Float64);
        Compare([.. unet.named_parameters()], run => unet.Forward(sample, tensor(new[] { 200L }), text, run));
    }

    [TestMethod]
    public void Vae_decoder_and_tower_hand_equal_gradients_to_what_came_before()
    {
        using var scope = NewDisposeScope();
        using AutoencoderKL vae = TinyModel.Vae(ScalarType.Float64);
        using GoldenCase golden = TrainingCase.Open("convnext");
        using var tower = new ConvNextTower(TrainingCase.Tower(golden.Case), TrainingCase.Weights(golden, "param."));
        using var before = new Parameter(randn([1, vae.Config.LatentChannels, 8, 8], ScalarType.Float64));
        Compare([("latent", before)], run =>
        {
            Tensor image = vae.Decode(run.Compute(t => t * before, ones_like(before, requires_grad: false)), run);
            ConvNextFeatures features = tower.Forward(image, run);
            return run.Compute((stage, embedding) => stage.mean() + embedding.sum(), features.Stages[1], features.Embedding);
        });
    }

    [TestMethod]
    public void A_tape_that_is_given_up_leaves_nothing()
    {
        using AutoencoderKL vae = TinyModel.Vae(ScalarType.Float32);
        using Tensor latent = randn(1, vae.Config.LatentChannels, 4, 4);
        long before = LiveTensors;
        using (var tape = new SegmentTape())
            vae.Decode(latent, new NetworkRun { Tape = tape }).Dispose();
        Assert.AreEqual(before, LiveTensors);
    }

    private static void Compare((string Name, Parameter Parameter)[] parameters, Func<NetworkRun, Tensor> compute)
    {
        Assert.AreNotEqual(0, parameters.Length);
        using Tensor expected = compute(NetworkRun.Unobserved);
        using Tensor gradient = randn(expected.shape, ScalarType.Float64);
        autograd.backward([expected], [gradient]);
        Tensor[] gradients = [.. parameters.Select(p => p.Parameter.grad!)];
        foreach ((_, Parameter parameter) in parameters)
            parameter.grad = null;

        using var tape = new SegmentTape();
        using Tensor actual = compute(new NetworkRun { Tape = tape });
        Assert.IsFalse(actual.requires_grad);
        Numbers.AssertClose(expected.detach(), actual, 1e-12, "result");
        tape.Backward(actual, gradient);
        double worst = 0;
        for (int i = 0; i < parameters.Length; i++)
            worst = Math.Max(worst, Numbers.AssertClose(gradients[i], parameters[i].Parameter.grad!, 1e-10, parameters[i].Name));
        Console.WriteLine($"{parameters.Length} gradients, worst {worst:g2}");
        foreach ((_, Parameter parameter) in parameters)
            parameter.grad = null;
    }
}
