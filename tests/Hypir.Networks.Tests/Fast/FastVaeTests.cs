using System.Globalization;
using System.Text.Json;
using Hypir.Networks.Fast;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>The rewritten VAE computes what the plain one does: in float64 to 1e-10.</summary>
[TestClass]
public sealed class FastVaeTests : TensorTest
{
    private const double Exact = 1e-10;

    /// <summary>The plain networks are PyTorch's own operations one by one: what they err in a narrow type is what PyTorch does.</summary>
    [TestMethod]
    [DataRow(ScalarType.BFloat16)]
    [DataRow(ScalarType.Float16)]
    public void In_a_narrow_type_it_errs_at_most_twice_as_much_as_the_plain_network(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using AutoencoderKL exact = TinyModel.Vae(ScalarType.Float64), plain = TinyModel.Vae(type);
        using var fast = new FastVae(plain);
        using var generator = new Generator(3);
        Tensor x = randn([1, 3, 16 * exact.Config.Factor, 24 * exact.Config.Factor], ScalarType.Float64, generator: generator);
        Tensor moments = exact.EncodeMoments(x);
        NarrowErrors.Compare(moments, plain.EncodeMoments(x.to(type)), fast.EncodeMoments(x.to(type)), "encoder");
        Tensor z = Posterior.Mean(moments);
        NarrowErrors.Compare(exact.Decode(z), plain.Decode(z.to(type)), fast.Decode(z.to(type)), "decoder");
    }

    [TestMethod]
    [DataRow(1, 4, 8, true)]
    [DataRow(2, 3, 8, false)]
    [DataRow(3, 16, 12, true)]
    [DataRow(4, 8, 16, true)]
    public void Every_kind_of_network_at_any_size(int levels, int latent, int width, bool extras)
    {
        using JsonDocument json = JsonDocument.Parse(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {"block_out_channels": [{{string.Join(
                    ", ",
                    Enumerable.Range(1, levels).Select(i => i < 3 ? width * i : 2 * width)
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
        using var noGrad = no_grad();
        using var weights = new SeededTensors(ShapeRecorder.Record(w => new AutoencoderKL(config, w)), 1);
        using var plain = new AutoencoderKL(
            config, new WeightScope(new CastWeights(new CheckpointWeights(weights), ScalarType.Float64, CPU)));
        using var fast = new FastVae(plain);
        foreach ((long height, long rows) in new[] { (1L, 1L), (3L, 5L), (9L, 4L) })
        {
            List<string> names = [], fastNames = [];
            Tensor x = randn([2, 3, height * config.Factor, rows * config.Factor], ScalarType.Float64);
            Tensor expected = plain.EncodeMoments(x, new NetworkRun(names.Add));
            Numbers.AssertClose(expected, fast.EncodeMoments(x, new NetworkRun(fastNames.Add)), Exact, $"encoder, {height}x{rows}");
            Tensor z = Posterior.Mean(expected);
            Numbers.AssertClose(
                plain.Decode(z, new NetworkRun(names.Add)), fast.Decode(z, new NetworkRun(fastNames.Add)), Exact,
                $"decoder, {height}x{rows}");
            CollectionAssert.AreEqual(names, fastNames, "Progress names the plain network's blocks.");
        }
    }
}
