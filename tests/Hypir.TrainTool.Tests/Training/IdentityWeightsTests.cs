using Hypir.Networks.Models;
using Hypir.Networks.Scheduling;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Testing;
using Hypir.Training.Loop;
using Hypir.Training.Models;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>Models that begin as the identity.</summary>
[TestClass]
public sealed class IdentityWeightsTests : TensorTest
{
    private static readonly ModelFolder Nano = ModelFolder.Open(NanoModel.Folder);

    /// <summary>Whatever the contrast of the images: normalisations must not take it out.</summary>
    [TestMethod]
    [DataRow(1.0)]
    [DataRow(0.1)]
    public void A_new_model_gives_back_the_image(double contrast)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var random = new FreshWeights(3, ScalarType.Float32, CPU);
        var scheduler = new DdpmScheduler(Nano.Scheduler);
        double gain = scheduler.PredictOriginal(zeros(1), ones(1), 200).item<float>(), scaling = Nano.Vae.ScalingFactor;
        using var unet = new UNet2DConditionModel(Nano.UNet, new WeightScope(new IdentityUNetWeights(random, Nano.UNet)));
        using var vae = new AutoencoderKL(Nano.Vae, new WeightScope(new IdentityVaeWeights(random, Nano.Vae, gain)));
        Tensor image = (rand([2, 3, 40, 56], generator: new Generator(1)) * 2 - 1) * contrast;
        Tensor noise = randn([2, Nano.Vae.LatentChannels, 40, 56], generator: new Generator(2));
        Tensor latent = Posterior.Sample(vae.EncodeMoments(image), noise) * scaling;
        Tensor prediction = unet.Forward(latent, tensor(new[] { 200L }), zeros(2, 1, Nano.UNet.CrossAttentionDim));
        Tensor result = vae.Decode(scheduler.PredictOriginal(prediction, latent, 200) / scaling);
        double error = (result - image).square().mean().sqrt().item<float>();
        // A hundredth of the contrast: what the other channels take from the constant beside them (their variance over its square).
        Assert.IsLessThan(0.01 * contrast, error);
    }

    [TestMethod]
    public void A_vae_that_cannot_be_the_identity_is_refused()
    {
        using var random = new FreshWeights(3, ScalarType.Float32, CPU);
        foreach (
            VaeConfig config in new[]
            {
                Nano.Vae with
                {
                    BlockOutChannels = [16, 16],
                },
                Nano.Vae with
                {
                    NormGroups = 4,
                },
                Nano.Vae with
                {
                    LatentChannels = 2,
                },
                Nano.Vae with
                {
                    UseQuantConv = true,
                },
            }
        )
            Assert.ThrowsExactly<TrainingException>(() => new IdentityVaeWeights(random, config, 1));
    }
}
