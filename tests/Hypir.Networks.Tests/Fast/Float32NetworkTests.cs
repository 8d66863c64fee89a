using System.Globalization;
using System.Text.Json;
using Hypir.Networks.Fast;
using Hypir.Networks.Tests.UNet;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Planning.Configs;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>
/// Whole networks in float32, which is what runs on a CPU, against the plain ones in float64: channels that fill vectors, sizes that no
/// tile divides.
/// </summary>
[TestClass]
public sealed class Float32NetworkTests : TensorTest
{
    [TestMethod]
    [DataRow("""{"block_out_channels": [16, 32]}""")]
    [DataRow(
        """{"block_out_channels": [32, 48, 128], "norm_num_groups": 8, "attention_head_dim": [2, 3, 4],"""
            + """ "use_linear_projection": true, "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],"""
            + """ "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]}"""
    )]
    [DataRow(
        """{"block_out_channels": [16, 40], "layers_per_block": [2, 1], "transformer_layers_per_block": [2, 1],"""
            + """ "downsample_padding": 0, "mid_block_type": "UNetMidBlock2D"}"""
    )]
    [DataRow(
        """{"block_out_channels": [16, 32], "act_fn": "mish", "center_input_sample": true,"""
            + """ "resnet_out_scale_factor": 1.4, "mid_block_type": null}"""
    )]
    public void UNets(string changes)
    {
        UNetConfig config = UNetVariantTests.Config(changes);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var weights = new LayerWeights(w => new UNet2DConditionModel(config, w));
        using var exact = new UNet2DConditionModel(config, weights.In(float64));
        using var plain = new UNet2DConditionModel(config, weights.In(float32));
        using var generator = new Generator(2);
        Compare(exact, plain, generator, [(16, 16), (7, 18), (33, 20)]);
    }

    [TestMethod]
    public void The_small_model_and_its_adapters_merged_or_beside_the_layers()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var generator = new Generator(3);
        using UNet2DConditionModel without = TinyModel.UNet(float64), withoutPlain = TinyModel.UNet(float32);
        Compare(without, withoutPlain, generator, [(16, 24)]);
        using UNet2DConditionModel exact = TinyModel.UNetWithLora(float64, merged: true),
            merged = TinyModel.UNetWithLora(float32, merged: true);
        Compare(exact, merged, generator, [(16, 24)]);
        using UNet2DConditionModel beside = TinyModel.UNetWithLora(float32, merged: false);
        Compare(exact, beside, generator, [(16, 24)]);
    }

    [TestMethod]
    [DataRow(1, 4, 16, true)]
    [DataRow(2, 3, 32, false)]
    [DataRow(3, 16, 16, true)]
    [DataRow(2, 4, 64, true)]
    public void Vaes(int levels, int latent, int width, bool extras)
    {
        using JsonDocument json = JsonDocument.Parse(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {"block_out_channels": [{{string.Join(
                    ", ",
                    Enumerable.Range(1, levels).Select(i => Math.Min(i, 2) * width)
                )}}], "latent_channels": {{latent}}, "norm_num_groups": 4,
                 "layers_per_block": {{levels % 2 + 1}},
                 "down_block_types": [{{string.Join(", ", Enumerable.Repeat("\"DownEncoderBlock2D\"", levels))}}],
                 "up_block_types": [{{string.Join(", ", Enumerable.Repeat("\"UpDecoderBlock2D\"", levels))}}],
                 "mid_block_add_attention": {{(extras ? "true" : "false")}}, "use_quant_conv": {{(
                    extras ? "true" : "false"
                )}}, "use_post_quant_conv": {{(extras ? "true" : "false")}}}
                """
            )
        );
        VaeConfig config = VaeConfig.Parse(json.RootElement, "config.json");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var weights = new LayerWeights(w => new AutoencoderKL(config, w));
        using var exact = new AutoencoderKL(config, weights.In(float64));
        using var plain = new AutoencoderKL(config, weights.In(float32));
        using var generator = new Generator(2);
        Compare(exact, plain, generator, [(1, 1), (9, 7), (12, 17)]);
    }

    [TestMethod]
    public void The_small_models_vae()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var generator = new Generator(3);
        using AutoencoderKL exact = TinyModel.Vae(float64), plain = TinyModel.Vae(float32);
        Compare(exact, plain, generator, [(9, 6)]);
    }

    private static void Compare(
        UNet2DConditionModel exact, UNet2DConditionModel plain, Generator generator, (long Height, long Width)[] sizes)
    {
        const double scale = 0.8;
        using var fast = new FastUNet(plain);
        Tensor text = randn([1, 5, exact.Config.CrossAttentionDim], generator: generator), time = tensor(new[] { 200L });
        using UNetConditions conditions = fast.Conditions(200, text);
        foreach ((long height, long width) in sizes)
        {
            Tensor sample = randn([2, exact.Config.InChannels, height, width], generator: generator);
            Float32Errors.Compare(
                Plain(exact, float64), Plain(plain, float32), fast.Forward(sample, conditions, scale: scale), $"UNet, {height}x{width}");

            Tensor Plain(UNet2DConditionModel network, ScalarType type) =>
                network.Forward(sample.to(type).mul(scale), time, text.to(type).expand(2, -1, -1));
        }
    }

    private static void Compare(AutoencoderKL exact, AutoencoderKL plain, Generator generator, (long Height, long Width)[] latents)
    {
        using var fast = new FastVae(plain);
        foreach ((long height, long width) in latents)
        {
            long factor = exact.Config.Factor;
            Tensor x = randn([1, 3, height * factor, width * factor], generator: generator),
                z = randn([1, exact.Config.LatentChannels, height, width], generator: generator);
            Float32Errors.Compare(
                exact.EncodeMoments(x.to(float64)), plain.EncodeMoments(x), fast.EncodeMoments(x), $"encoder, {height}x{width}");
            Float32Errors.Compare(exact.Decode(z.to(float64)), plain.Decode(z), fast.Decode(z), $"decoder, {height}x{width}");
        }
    }
}
