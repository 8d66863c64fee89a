using System.Text.Json;
using Hypir.Networks.Lora;
using Hypir.Networks.Scheduling;
using Hypir.Networks.Text;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Models;

/// <summary>
/// One 512 tile through networks of SD 2.1's real size, with weights made from a seed. Opt-in (HYPIR_FULL_SIZE=1): it takes minutes and
/// about 8 GB.
/// </summary>
[TestClass]
[TestCategory("Golden")]
[TestCategory("FullSize")]
public sealed class FullSizeTests : TensorTest
{
    // float32 at this size: the goldens' README states 1e-4 relative, since sums over 10,000 products round differently in other blockings.
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void One_tile_equals_the_reference_at_every_stage()
    {
        if (Environment.GetEnvironmentVariable("HYPIR_FULL_SIZE") != "1")
            Assert.Inconclusive("Set HYPIR_FULL_SIZE=1 to run this test: it needs minutes and 8 GB.");
        using var golden = new GoldenCase(Goldens.Require("full-size", "tile.safetensors"));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        JsonElement seeds = golden.Case.GetProperty("seeds");
        long modelT = golden.Case.GetProperty("model_t").GetInt64();
        double scaling = FullSize.Vae().ScalingFactor;

        Tensor embedding = Run(w => new CLIPTextModel(FullSize.Text(), w), Seed("text_encoder"), text => text.call(golden["in.ids"]));
        Close("out.embedding.head", embedding[.., ..8]);

        Tensor latent = Run(w => new AutoencoderKL(FullSize.Vae(), w), Seed("vae"), vae =>
        {
            Tensor moments = vae.EncodeMoments(golden["in.image"].to(ScalarType.Float32) / 255 * 2 - 1);
            Tensor mean = Posterior.Mean(moments);
            Close("out.mean", mean);
            manual_seed(Seed("noise"));
            return Posterior.Sample(moments, randn(mean.shape));
        });
        Close("out.z_lq", latent);

        Tensor sample = latent * scaling;
        Tensor epsilon = Run(
            w => new UNet2DConditionModel(FullSize.UNet(), w), Seed("unet"),
            unet => unet.Forward(sample, tensor(new[] { modelT }), embedding), Seed("lora"),
            (float)golden.Case.GetProperty("lora_B_times").GetDouble());
        Close("out.eps", epsilon);

        var scheduler = new DdpmScheduler(SchedulerConfig.Parse(TinyModel.Json("scheduler", "scheduler_config.json"), "scheduler"));
        Tensor z = scheduler.PredictOriginal(epsilon, sample, (int)modelT) / scaling;
        Close("out.z", z);

        Tensor image = Run(w => new AutoencoderKL(FullSize.Vae(), w), Seed("vae"), vae => vae.Decode(z));
        Close("out.image.corner", image[.., .., ..64, ..64]);
        Tensor rows = arange(0, image.shape[2], 4, ScalarType.Int64), columns = arange(0, image.shape[3], 4, ScalarType.Int64);
        Close("out.image.every_fourth", image.index_select(2, rows).index_select(3, columns));

        long Seed(string part) => seeds.GetProperty(part).GetInt64();

        void Close(string name, Tensor actual) =>
            Console.WriteLine($"{name}: {Numbers.AssertClose(golden[name], actual, Tolerance, name):g3}");
    }

    /// <summary>Builds one network, uses it, and frees it before the next is built.</summary>
    private static Tensor Run<T>(Func<WeightScope, T> build, long seed, Func<T, Tensor> use, long? loraSeed = null, float upTimes = 1)
        where T : nn.Module
    {
        using var scope = NewDisposeScope();
        IReadOnlyDictionary<string, long[]> shapes = ShapeRecorder.Record(build);
        using var weights = new SeededTensors(shapes, seed);
        WeightSource source = new CheckpointWeights(weights);
        using SeededTensors? adapters = loraSeed is not long s ? null : new SeededTensors(FullSize.Manifest("lora"), s,
            key => key.EndsWith(LoraShapes.UpSuffix, StringComparison.Ordinal) ? upTimes : 1);
        if (adapters is not null)
            source = new LoraMergedWeights(source, LoraWeights.Check(adapters, shapes), ScalarType.Float32);
        using T network = build(new WeightScope(source));
        return use(network).MoveToOuterDisposeScope();
    }
}
