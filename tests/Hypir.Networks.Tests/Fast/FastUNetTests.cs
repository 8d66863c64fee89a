using Hypir.Networks.Fast;
using Hypir.Networks.Tests.UNet;
using Hypir.Networks.UNet;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>The rewritten UNet computes what the plain one does: in float64 to 1e-10.</summary>
[TestClass]
public sealed class FastUNetTests : TensorTest
{
    private const double Exact = 1e-10;

    [TestMethod]
    [DataRow("{}")]
    [DataRow(
        """{"block_out_channels": [8], "down_block_types": ["DownBlock2D"], "up_block_types": ["UpBlock2D"], "mid_block_type": null}"""
    )]
    [DataRow("""{"mid_block_type": "UNetMidBlock2D"}""")]
    [DataRow("""{"mid_block_type": null, "downsample_padding": 0}""")]
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
    public void Every_kind_of_network_at_any_size(string changes)
    {
        UNetConfig config = UNetVariantTests.Config(changes);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var weights = new SeededTensors(ShapeRecorder.Record(w => new UNet2DConditionModel(config, w)), 1);
        using var plain = new UNet2DConditionModel(
            config, new WeightScope(new CastWeights(new CheckpointWeights(weights), ScalarType.Float64, CPU)));
        using var fast = new FastUNet(plain);
        Tensor text = randn([1, 3, config.CrossAttentionDim], ScalarType.Float64);
        foreach ((long height, long width) in new[] { (16L, 16L), (1L, 1L), (5L, 3L), (7L, 18L), (33L, 20L) })
        {
            // Without padding a map of one pixel cannot be halved, by the plain network neither.
            if (config.DownsamplePadding == 0 && height == 1)
                continue;
            Tensor sample = randn([2, config.InChannels, height, width], ScalarType.Float64);
            foreach (long time in new[] { 200L, 7L })
            {
                using UNetConditions conditions = fast.Conditions(time, text);
                List<string> names = [], fastNames = [];
                Tensor expected = plain.Forward(sample, tensor(new[] { time }), text.expand(2, -1, -1), new NetworkRun(names.Add));
                Tensor actual = fast.Forward(sample, conditions, new NetworkRun(fastNames.Add));
                Numbers.AssertClose(expected, actual, Exact, $"{height}x{width} at {time}");
                CollectionAssert.AreEqual(names, fastNames, "Progress names the plain network's blocks.");
            }
        }
    }

    /// <summary>The plain networks are PyTorch's own operations one by one: what they err in a narrow type is what PyTorch does.</summary>
    [TestMethod]
    [DataRow(ScalarType.BFloat16)]
    [DataRow(ScalarType.Float16)]
    public void In_a_narrow_type_it_errs_at_most_twice_as_much_as_the_plain_network(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using UNet2DConditionModel exact = TinyModel.UNet(ScalarType.Float64), plain = TinyModel.UNet(type);
        using var fast = new FastUNet(plain);
        using var generator = new Generator(3);
        Tensor time = tensor(new[] { 200L }),
            text = randn([1, 7, exact.Config.CrossAttentionDim], ScalarType.Float64, generator: generator);
        using UNetConditions conditions = fast.Conditions(200, text.to(type));
        Tensor sample = randn([1, exact.Config.InChannels, 48, 64], ScalarType.Float64, generator: generator);
        Tensor expected = exact.Forward(sample, time, text);
        NarrowErrors.Compare(
            expected, plain.Forward(sample.to(type), time, text.to(type)), fast.Forward(sample.to(type), conditions), "UNet");
    }

    [TestMethod]
    public void Adapters_beside_the_layers_are_merged()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using UNet2DConditionModel plain = TinyModel.UNetWithLora(ScalarType.Float64, merged: false);
        using var fast = new FastUNet(plain);
        Tensor sample = randn([1, plain.Config.InChannels, 16, 24], ScalarType.Float64),
            text = randn([1, 7, plain.Config.CrossAttentionDim], ScalarType.Float64);
        using UNetConditions conditions = fast.Conditions(200, text);
        Numbers.AssertClose(plain.Forward(sample, tensor(new[] { 200L }), text), fast.Forward(sample, conditions), Exact, "merged");
    }

    [TestMethod]
    public void Cancelled_between_blocks_it_leaves_nothing()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using UNet2DConditionModel plain = TinyModel.UNet(ScalarType.Float32);
        using var fast = new FastUNet(plain);
        using UNetConditions conditions = fast.Conditions(200, zeros(1, 2, plain.Config.CrossAttentionDim));
        Tensor sample = zeros(1, plain.Config.InChannels, 16, 16);
        int blocks = 0;
        using (fast.Forward(sample, conditions, new NetworkRun(_ => blocks++)))
            Assert.IsGreaterThan(1, blocks);
        fast.GiveMemoryBack();
        for (int block = 0; block < blocks; block++)
        {
            using var cancel = new CancellationTokenSource();
            int left = block;
            long before = LiveTensors;
            Assert.ThrowsExactly<OperationCanceledException>(() => fast.Forward(sample, conditions, new NetworkRun(_ =>
            {
                if (left-- == 0)
                    cancel.Cancel();
                cancel.Token.ThrowIfCancellationRequested();
            })));
            fast.GiveMemoryBack();
            Assert.AreEqual(before, LiveTensors, $"block {block}");
        }
    }
}
