using System.Text.Json;
using System.Text.Json.Nodes;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.UNet;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.UNet;

/// <summary>Networks of other shapes than SD 2.1's, from configurations alone.</summary>
[TestClass]
public sealed class UNetVariantTests : TensorTest
{
    private const string Base = """
        {"in_channels": 4, "out_channels": 4, "block_out_channels": [8, 16], "layers_per_block": 1, "norm_num_groups": 4,
        """ + """
         "attention_head_dim": 2,
         "cross_attention_dim": 6, "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
        """ + """
         "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"]}
        """;

    [TestMethod]
    [DataRow("{}")]
    [DataRow(
        """{"block_out_channels": [8], "down_block_types": ["DownBlock2D"], "up_block_types": ["UpBlock2D"], "mid_block_type": null}"""
    )]
    [DataRow("""{"mid_block_type": "UNetMidBlock2D"}""")]
    [DataRow("""{"mid_block_type": null}""")]
    [DataRow("""{"layers_per_block": [2, 1], "transformer_layers_per_block": [1, 2], "attention_head_dim": [4, 8]}""")]
    [DataRow("""{"use_linear_projection": true, "upcast_attention": true, "act_fn": "mish", "center_input_sample": true}""")]
    [DataRow(
        """{"block_out_channels": [8, 12, 16, 20, 24],"""
            + """ "down_block_types": ["DownBlock2D", "DownBlock2D", "DownBlock2D", "DownBlock2D", "DownBlock2D"],"""
            + """ "up_block_types": ["UpBlock2D", "UpBlock2D", "UpBlock2D", "UpBlock2D", "UpBlock2D"],"""
            + """ "mid_block_type": "UNetMidBlock2D"}"""
    )]
    [DataRow(
        """{"in_channels": 3, "out_channels": 3, "conv_in_kernel": 5, "conv_out_kernel": 1, "resnet_out_scale_factor": 1.4,"""
            + """ "flip_sin_to_cos": false, "freq_shift": 1}"""
    )]
    public void Every_kind_of_network_keeps_the_size_of_any_latent(string changes)
    {
        UNetConfig config = Config(changes);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        IReadOnlyDictionary<string, long[]> shapes = ShapeRecorder.Record(w => new UNet2DConditionModel(config, w));
        using var weights = new SeededTensors(shapes, 1);
        using var network = new UNet2DConditionModel(config, new WeightScope(new CheckpointWeights(weights)));
        CollectionAssert.AreEquivalent(shapes.Keys.ToArray(), network.named_parameters().Select(p => p.name).ToArray());
        Tensor text = randn(1, 3, config.CrossAttentionDim);
        foreach ((long height, long width) in new[] { (16L, 16L), (1L, 1L), (5L, 3L), (7L, 18L) })
        {
            Tensor sample = randn(1, config.InChannels, height, width);
            Tensor result = network.Forward(sample, tensor(new[] { 200L }), text);
            CollectionAssert.AreEqual(sample.shape, result.shape);
            Assert.IsTrue(result.isfinite().all().item<bool>());
        }
    }

    [TestMethod]
    public void Linear_and_convolutional_projections_with_equal_weights_are_equal()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        UNetConfig linear = Config("""{"use_linear_projection": true}"""), convolutional = Config("""{"use_linear_projection": false}""");
        using var weights = new SeededTensors(ShapeRecorder.Record(w => new UNet2DConditionModel(linear, w)), 2);
        using var first = new UNet2DConditionModel(linear, new WeightScope(new Reshaped(weights)));
        using var second = new UNet2DConditionModel(convolutional, new WeightScope(new Reshaped(weights)));
        Tensor sample = randn([2, 4, 6, 10], ScalarType.Float64),
            text = randn([2, 3, 6], ScalarType.Float64),
            times = tensor(new[] { 5L, 900L });
        Numbers.AssertClose(first.Forward(sample, times, text), second.Forward(sample, times, text), 1e-10, "projections");
    }

    [TestMethod]
    [DataRow("""{"class_embed_type": "timestep"}""", "class_embed_type")]
    [DataRow("""{"down_block_types": ["DownBlock2D", "AttnDownBlock2D"]}""", "AttnDownBlock2D")]
    [DataRow("""{"block_out_channels": "8"}""", "block_out_channels")]
    [DataRow("""{"norm_num_groups": 3}""", "norm_num_groups")]
    [DataRow("""{"attention_head_dim": [1, 2, 3]}""", "attention_head_dim")]
    [DataRow("""{"time_embedding_type": "fourier"}""", "fourier")]
    [DataRow("""{"in_channels": -1}""", "in_channels")]
    public void Another_familys_configuration_is_refused_by_key(string changes, string named)
    {
        ModelException error = Assert.ThrowsExactly<ModelException>(() => Config(changes));
        StringAssert.Contains(error.Message, named);
        StringAssert.Contains(error.Message, "some/config.json");
        Assert.IsFalse(string.IsNullOrEmpty(error.Remedy));
    }

    internal static UNetConfig Config(string changes)
    {
        JsonObject json = JsonNode.Parse(Base)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
            json[key] = value?.DeepClone();
        using JsonDocument document = JsonDocument.Parse(json.ToJsonString());
        return UNetConfig.Parse(document.RootElement, "some/config.json");
    }

    /// <summary>Gives a matrix as a 1x1 kernel where one is asked for, in float64.</summary>
    private sealed class Reshaped(ITensorSource source) : WeightSource
    {
        public override Tensor Get(string name, long[] shape)
        {
            using Tensor stored = source.Read(name);
            using Tensor wide = stored.to(ScalarType.Float64);
            return wide.reshape(shape);
        }
    }
}
