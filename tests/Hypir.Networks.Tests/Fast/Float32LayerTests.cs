using Hypir.Networks.Fast;
using Hypir.Networks.Layers;
using Hypir.Networks.Tests.UNet;
using Hypir.Networks.UNet;
using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>Single layers in float32, of small widths and of Stable Diffusion 2.1's, on few pixels.</summary>
[TestClass]
public sealed class Float32LayerTests : TensorTest
{
    /// <summary>Narrow, wide and mixed blocks; the first rows are a decoder's and a UNet's of Stable Diffusion 2.1.</summary>
    [TestMethod]
    [DataRow(128, 128, 32, false, 17, 14)]
    [DataRow(256, 128, 32, false, 9, 14)]
    [DataRow(512, 256, 32, false, 9, 6)]
    [DataRow(512, 512, 32, false, 7, 9)]
    [DataRow(320, 320, 32, true, 9, 9)]
    [DataRow(320, 640, 32, true, 6, 5)]
    [DataRow(1280, 1280, 32, true, 3, 4)]
    [DataRow(16, 16, 4, true, 13, 21)]
    [DataRow(16, 32, 4, true, 13, 21)]
    [DataRow(96, 32, 8, false, 6, 70)]
    [DataRow(48, 16, 8, true, 1, 1)]
    [DataRow(24, 40, 8, true, 7, 5)]
    public void Residual_blocks(int from, int to, int groups, bool timed, int height, int width)
    {
        const int timeWidth = 48;
        var style = new ResnetStyle(groups, 1e-5, "silu", timed ? timeWidth : null);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var weights = new LayerWeights(w => new ResnetBlock2D(w, from, to, style));
        Tensor x = Input(2, from, height, width), time = randn(1, timeWidth);
        var fast = new FastResnet(weights.Kept, weights.In(float32), from, to, style);
        using FastMap map = Map(x);
        using FastMap y = fast.Forward(map, timed ? fast.BiasAt(time) : null);
        Float32Errors.Compare(Plain(float64), Plain(float32), y.ToChannelsFirst(), $"{from} to {to}", RoomOf(from));

        Tensor Plain(ScalarType type)
        {
            using var block = new ResnetBlock2D(weights.In(type), from, to, style);
            return block.forward(x.to(type), timed ? time.to(type).expand(2, -1) : null);
        }
    }

    /// <summary>What the way up concatenates is read where it is.</summary>
    [TestMethod]
    [DataRow(32, 16, 16)]
    [DataRow(64, 48, 32)]
    [DataRow(640, 320, 320)]
    public void A_residual_block_of_two_maps(int first, int second, int to)
    {
        var style = new ResnetStyle(16, 1e-5, "silu");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var weights = new LayerWeights(w => new ResnetBlock2D(w, first + second, to, style));
        Tensor x = Input(1, first + second, 6, 7);
        using FastMap left = Map(x.narrow(1, 0, first)), right = Map(x.narrow(1, first, second));
        using FastMap y = new FastResnet(weights.Kept, weights.In(float32), first + second, to, style).Forward(FastMap.Beside(left, right));
        Float32Errors.Compare(Plain(float64), Plain(float32), y.ToChannelsFirst(), $"{first} and {second} to {to}", RoomOf(first));

        Tensor Plain(ScalarType type)
        {
            using var block = new ResnetBlock2D(weights.In(type), first + second, to, style);
            return block.forward(x.to(type), null);
        }
    }

    /// <summary>Of a UNet: self-attention, attention to 77 tokens and feed-forward; heads of 64 channels, or few.</summary>
    [TestMethod]
    [DataRow(320, 5, 1024, 8, 9)]
    [DataRow(640, 10, 1024, 6, 6)]
    [DataRow(1280, 20, 1024, 3, 4)]
    [DataRow(32, 4, 24, 13, 17)]
    [DataRow(48, 3, 20, 1, 1)]
    [DataRow(24, 2, 20, 5, 3)]
    public void Transformers(int width, int heads, int textWidth, int height, int columns)
    {
        UNetConfig config = UNetVariantTests.Config($$"""
            {"block_out_channels": [{{width}}, {{width}}], "norm_num_groups": 8, "attention_head_dim": {{heads}},
            """ + $$"""
             "cross_attention_dim": {{textWidth}}, "use_linear_projection": true}
            """);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var weights = new LayerWeights(w => new Transformer2DModel(w, config, 0));
        Tensor x = Input(2, width, height, columns), text = randn(1, 77, textWidth);
        var fast = new FastTransformer(weights.Kept, weights.In(float32), config, 0);
        TextKeys[] keys = [.. fast.KeysOf(text)];
        using FastMap map = Map(x);
        using FastMap y = fast.Forward(map, keys);
        Float32Errors.Compare(Plain(float64), Plain(float32), y.ToChannelsFirst(), $"{width} channels, {heads} heads", RoomOf(width));

        Tensor Plain(ScalarType type)
        {
            using var block = new Transformer2DModel(weights.In(type), config, 0);
            return block.forward(x.to(type), text.to(type).expand(2, -1, -1));
        }
    }

    /// <summary>Of a VAE: one head of all channels.</summary>
    [TestMethod]
    [DataRow(512, 32, 11, 13)]
    [DataRow(16, 4, 12, 13)]
    [DataRow(40, 4, 3, 5)]
    public void Spatial_attention(int channels, int groups, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var weights = new LayerWeights(w => new SpatialAttention(w, channels, groups, 1e-6));
        Tensor x = Input(2, channels, height, width);
        using FastMap map = Map(x);
        using FastMap y = new FastSpatialAttention(weights.Kept, weights.In(float32), channels, groups, 1e-6).Forward(map);
        Float32Errors.Compare(Plain(float64), Plain(float32), y.ToChannelsFirst(), $"{channels} channels", RoomOf(channels));

        Tensor Plain(ScalarType type)
        {
            using var attention = new SpatialAttention(weights.In(type), channels, groups, 1e-6);
            return attention.forward(x.to(type));
        }
    }

    [TestMethod]
    [DataRow(512, 8, 9)]
    [DataRow(128, 7, 5)]
    [DataRow(16, 11, 6)]
    [DataRow(20, 5, 5)]
    public void Enlargement_and_halving(int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var weights = new LayerWeights(w => new Upsample2D(w, channels));
        Tensor x = Input(1, channels, height, width);
        foreach ((long high, long wide) in new[] { (2L * height, 2L * width), (2L * height - 1, 2L * width - 1) })
        {
            using FastMap map = Map(x);
            using FastMap y = FastSampler.Up(weights.Kept, weights.In(float32), channels).Enlarge(map, high, wide);
            Float32Errors.Compare(Large(float64), Large(float32), y.ToChannelsFirst(), $"enlarged to {high}x{wide}", RoomOf(channels));

            Tensor Large(ScalarType type)
            {
                using var sampler = new Upsample2D(weights.In(type), channels);
                return sampler.forward(x.to(type), [high, wide]);
            }
        }

        foreach (long padding in new[] { 0L, 1L })
        {
            using FastMap map = Map(x);
            using FastMap y = FastSampler.Down(weights.Kept, weights.In(float32), channels, padding).Halve(map);
            Float32Errors.Compare(Small(float64), Small(float32), y.ToChannelsFirst(), $"halved with padding {padding}", RoomOf(channels));

            Tensor Small(ScalarType type)
            {
                using var sampler = new Downsample2D(weights.In(type), channels, padding);
                return sampler.forward(x.to(type));
            }
        }
    }

    /// <summary>Means and variances that differ from channel to channel, as within a network.</summary>
    private static Tensor Input(long batch, long channels, long height, long width)
    {
        using var generator = new Generator(5);
        Tensor spread = rand([channels, 1, 1], generator: generator).mul_(2), middle = randn([channels, 1, 1], generator: generator);
        return randn([batch, channels, height, width], generator: generator).mul_(spread).add_(middle);
    }

    private static FastMap Map(Tensor x) => new(x.permute(0, 2, 3, 1).contiguous());

    private static double RoomOf(int channels) => channels >= 128 ? Float32Errors.WideRoom : Float32Errors.Room;
}
