using System.Text.Json;
using Hypir.Networks.Models;
using Hypir.Networks.Tests.Models;
using Hypir.Networks.Tests.UNet;
using Hypir.Networks.Text;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Outlines;

/// <summary>Outlines describe the networks that are built and run: the same weights, blocks, order and sizes of maps.</summary>
[TestClass]
public sealed class OutlineTests : TensorTest
{
    [TestMethod]
    public void The_shipped_model_has_the_weights_of_its_outlines()
    {
        ModelFolder nano = ModelFolder.Open(NanoModel.Folder);
        CompareWeights(nano.UNet);
        CompareWeights(nano.Vae);
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void The_goldens_model_and_Stable_Diffusion_have_the_weights_of_their_outlines()
    {
        foreach (UNetConfig config in new[] { TinyModel.UNetConfig, FullSize.UNet() })
            CompareWeights(config);
        foreach (VaeConfig config in new[] { TinyModel.VaeConfig, FullSize.Vae() })
            CompareWeights(config);
        TextEncoderConfig text = TinyModel.TextConfig;
        Compare(ShapeRecorder.Record(w => new CLIPTextModel(text, w)), TextOutline.Of(text).Weights);
    }

    [TestMethod]
    [DataRow("{}")]
    [DataRow("""
        {"block_out_channels": [8], "down_block_types": ["DownBlock2D"], "up_block_types": ["UpBlock2D"], "mid_block_type": null}
        """)]
    [DataRow("""{"mid_block_type": "UNetMidBlock2D"}""")]
    [DataRow("""{"mid_block_type": null}""")]
    [DataRow("""{"layers_per_block": [2, 1], "transformer_layers_per_block": [1, 2], "attention_head_dim": [4, 8]}""")]
    [DataRow("""{"use_linear_projection": true, "upcast_attention": true, "act_fn": "mish", "center_input_sample": true}""")]
    [DataRow("""{"in_channels": 3, "out_channels": 3, "conv_in_kernel": 5, "conv_out_kernel": 1, "resnet_out_scale_factor": 1.4}""")]
    public void A_UNet_of_any_shape_runs_the_blocks_of_its_outline(string changes)
    {
        UNetConfig config = UNetVariantTests.Config(changes);
        CompareWeights(config);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var weights = new SeededTensors(ShapeRecorder.Record(w => new UNet2DConditionModel(config, w)), 1);
        using var network = new UNet2DConditionModel(config, new WeightScope(new CheckpointWeights(weights)));
        var entered = new List<string>();
        Tensor sample = randn(1, config.InChannels, 5, 8), text = randn(1, 3, config.CrossAttentionDim);
        network.Forward(sample, tensor(new[] { 200L }), text, new NetworkRun(entered.Add));
        CollectionAssert.AreEqual(Steps(UNetOutline.Of(config)), entered);
    }

    [TestMethod]
    [DataRow(1, true)]
    [DataRow(3, false)]
    public void A_VAE_of_any_shape_runs_the_blocks_of_its_outlines(int levels, bool extras)
    {
        var config = VaeConfig.Parse(JsonSerializer.SerializeToElement(new
        {
            block_out_channels = Enumerable.Range(1, levels).Select(level => 8 * level),
            latent_channels = 3,
            norm_num_groups = 4,
            layers_per_block = 2,
            down_block_types = Enumerable.Repeat("DownEncoderBlock2D", levels),
            up_block_types = Enumerable.Repeat("UpDecoderBlock2D", levels),
            mid_block_add_attention = extras,
            use_quant_conv = extras,
            use_post_quant_conv = extras,
        }), "vae");
        CompareWeights(config);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var weights = new SeededTensors(ShapeRecorder.Record(w => new AutoencoderKL(config, w)), 1);
        using var network = new AutoencoderKL(config, new WeightScope(new CheckpointWeights(weights)));
        List<string> encoder = [], decoder = [];
        Tensor image = randn(1, 3, 4 * config.Factor, 6 * config.Factor);
        Tensor moments = network.EncodeMoments(image, new NetworkRun(encoder.Add));
        Tensor decoded = network.Decode(Posterior.Mean(moments), new NetworkRun(decoder.Add));
        CollectionAssert.AreEqual(Steps(VaeOutline.Encoder(config)), encoder);
        CollectionAssert.AreEqual(Steps(VaeOutline.Decoder(config)), decoder);
        CollectionAssert.AreEqual(moments.shape, ResultShape(VaeOutline.Encoder(config), image));
        CollectionAssert.AreEqual(decoded.shape, ResultShape(VaeOutline.Decoder(config), moments));
    }

    [TestMethod]
    [DataRow(1, 13, 22, 7, 11, 4, 6)]
    [DataRow(0, 13, 22, 6, 11, 3, 5)]
    public void Odd_sizes_are_rounded_as_the_padding_rounds_them_and_the_way_up_restores_them(
        int padding, int height, int width, int halfHeight, int halfWidth, int quarterHeight, int quarterWidth)
    {
        UNetConfig config = UNetVariantTests.Config("""
            {"block_out_channels": [8, 12, 16], "down_block_types": ["DownBlock2D", "DownBlock2D", "DownBlock2D"],
             "up_block_types": ["UpBlock2D", "UpBlock2D", "UpBlock2D"]}
            """) with { DownsamplePadding = padding };
        Dictionary<string, PlacedBlock> blocks = UNetOutline.Of(config).Over(new(height, width)).ToDictionary(placed => placed.Block.Name);
        MapSize whole = new(height, width), half = new(halfHeight, halfWidth), quarter = new(quarterHeight, quarterWidth);
        Assert.AreEqual((whole, half), (blocks["down_blocks.0.downsamplers.0"].From, blocks["down_blocks.0.downsamplers.0"].To));
        Assert.AreEqual((quarter, quarter), (blocks["mid_block.resnets.0"].From, blocks["mid_block.resnets.0"].To));
        Assert.AreEqual((quarter, half), (blocks["up_blocks.0.upsamplers.0"].From, blocks["up_blocks.0.upsamplers.0"].To));
        Assert.AreEqual((whole, whole), (blocks["conv_out"].From, blocks["conv_out"].To));
        Assert.AreEqual(new SkipOutline("conv_in", 8), ((ResnetBlock)blocks["up_blocks.2.resnets.1"].Block).Skip);
    }

    private static string[] Steps(NetworkOutline outline) => [.. outline.Blocks.Where(block => block.IsStep).Select(block => block.Name)];

    private static long[] ResultShape(NetworkOutline outline, Tensor input)
    {
        PlacedBlock last = outline.Over(new(input.shape[2], input.shape[3], input.shape[0])).Last();
        return [last.To.Batch, last.Block.OutChannels, last.To.Height, last.To.Width];
    }

    private static void CompareWeights(UNetConfig config) =>
        Compare(ShapeRecorder.Record(w => new UNet2DConditionModel(config, w)), UNetOutline.Of(config).Weights);

    private static void CompareWeights(VaeConfig config)
    {
        NetworkOutline encoder = VaeOutline.Encoder(config), decoder = VaeOutline.Decoder(config);
        Compare(ShapeRecorder.Record(w => new AutoencoderKL(config, w)), encoder.Weights.Concat(decoder.Weights));
    }

    private static void Compare(IReadOnlyDictionary<string, long[]> network, IEnumerable<WeightOutline> outline) =>
        CollectionAssert.AreEqual(
            network.Select(weight => Line(weight.Key, weight.Value)).ToArray(),
            outline.OrderBy(weight => weight.Name, StringComparer.Ordinal).Select(weight => Line(weight.Name, weight.Shape)).ToArray());

    private static string Line(string name, IEnumerable<long> shape) => $"{name} [{string.Join(", ", shape)}]";
}
