using System.Numerics;
using Hypir.Networks.Fast;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>
/// What a transformer does to blocks of tokens, operation by operation, against the library's in float64: also on processors for which
/// networks leave it to the library.
/// </summary>
[TestClass]
public sealed unsafe class BlockSequencesTests : TensorTest
{
    private const double Exact = 1e-12;
    private const double Epsilon = 1e-5;
    private const int Sequences = 2;

    /// <summary>
    /// One token, blocks that are full or not, and so many keys that attention takes them in several parts; widths that fill no vector, and
    /// sums that are cut in pieces.
    /// </summary>
    public static IEnumerable<object[]> Sizes => [[1, 16, 2], [31, 24, 3], [33, 40, 5], [129, 32, 1], [200, 400, 5]];

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Rows_become_blocks_and_rows_again(int tokens, int channels, int heads) =>
        Check(tokens, channels, 1, $"{heads} heads", (x, _) => { }, (x, _) => x);

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Linear_maps_on_the_way_in_and_out(int tokens, int channels, int heads)
    {
        Check(tokens, channels, 1, $"{heads} heads", null, (x, w) => w.Linear("out", w.Linear("in", x)));
    }

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Self_attention_replaces(int tokens, int channels, int heads) => Check(tokens, channels, 3, $"{heads} heads",
        (x, w) => x.Attend(null, w.Fast("q", "k", "v"), w.Fast("to"), heads, adds: false),
        (x, w) => w.Linear("to", w.Attention(w.Linear("q", x), w.Linear("k", x), w.Linear("v", x), heads)));

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Self_attention_after_a_norm_is_added(int tokens, int channels, int heads) => Check(tokens, channels, 3, $"{heads} heads",
        (x, w) => x.Attend(w.FastNorm(), w.Fast("q", "k", "v"), w.Fast("to"), heads, adds: true),
        (x, w) => x + w.Linear("to", w.Attention(w.Linear("q", w.Norm(x)), w.Linear("k", w.Norm(x)), w.Linear("v", w.Norm(x)), heads)));

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Attention_to_a_text_is_added(int tokens, int channels, int heads)
    {
        foreach (int words in new[] { 1, 77, 150 })
            Check(
                tokens,
                channels,
                3,
                $"{heads} heads, {words} words",
                (x, w) =>
                    x.AttendTo(
                        w.FastNorm(), w.Fast("q"), new(w.Random(1, words, channels), w.Random(2, words, channels)), w.Fast("to"), heads),
                (x, w) =>
                    x
                    + w.Linear(
                        "to", w.Attention(w.Linear("q", w.Norm(x)), w.Random(1, words, channels), w.Random(2, words, channels), heads))
            );
    }

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void A_feed_forward_layer_is_added(int tokens, int channels, int heads) => Check(tokens, channels, 2, $"{heads} heads",
        (x, w) => x.Feed(w.FastNorm(), w.Fast("wide"), w.Fast("narrow")),
        (x, w) =>
        {
            Tensor[] halves = w.Linear("wide", w.Norm(x)).chunk(2, -1);
            return x + w.Linear("narrow", halves[0] * nn.functional.gelu(halves[1]));
        });

    /// <summary>Compares an operation in either type.</summary>
    /// <param name="tokens">Tokens of a sequence.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="size">Size of the numbers: scores of attention are the more apart, the larger it is.</param>
    /// <param name="what">Named in messages.</param>
    /// <param name="operation">The operation; null where it is the maps in and out.</param>
    /// <param name="plain">The same with the library.</param>
    private static void Check(
        int tokens, int channels, double size, string what, Action<IBlocks, Weights>? operation, Func<Tensor, Weights, Tensor> plain)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var layers = new LayerWeights(Weights.Shapes(channels));
        using var generator = new Generator(1);
        Tensor x = randn([Sequences, tokens, channels], generator: generator).mul_(size), others = randn(x.shape, generator: generator);
        Tensor exact = plain(x.to(float64), new(layers, float64)) + others.to(float64);
        string where = $"{what}, {tokens} tokens, {channels} channels";
        Float32Errors.Compare(exact, plain(x, new(layers, float32)) + others, Run<float>(float32), where);
        Numbers.AssertClose(exact, Run<double>(float64), Exact, where);

        Tensor Run<T>(ScalarType type)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var weights = new Weights(layers, type);
            using var blocks = new Blocks<T>(new(layers.Kept.Maps, Sequences, tokens, channels));
            Tensor rows = full(x.shape, double.NaN, type);
            blocks.Sequences.Enter(x.to(type), operation is null ? weights.Fast("in") : null);
            operation?.Invoke(blocks, weights);
            blocks.Sequences.Leave(others.to(type), rows, operation is null ? weights.Fast("out") : null);
            return rows;
        }
    }

    /// <summary>The operations, whatever the type.</summary>
    private interface IBlocks
    {
        void Attend(Norm? norm, FastLinear all, FastLinear result, int heads, bool adds);

        void AttendTo(Norm norm, FastLinear query, TextKeys text, FastLinear result, int heads);

        void Feed(Norm norm, FastLinear gate, FastLinear result);
    }

    private sealed record Norm(Tensor Weight, Tensor Bias);

    private sealed class Blocks<T>(BlockSequences<T> sequences) : IBlocks, IDisposable
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public BlockSequences<T> Sequences => sequences;

        public void Attend(Norm? norm, FastLinear all, FastLinear result, int heads, bool adds) =>
            sequences.Attend(norm is null ? null : Of(norm), all, result, heads, adds);

        public void AttendTo(Norm norm, FastLinear query, TextKeys text, FastLinear result, int heads) =>
            sequences.AttendTo(Of(norm), query, text, result, heads);

        public void Feed(Norm norm, FastLinear gate, FastLinear result) => sequences.Feed(Of(norm), gate, result);

        public void Dispose() => sequences.Dispose();

        private static BlockNorm<T> Of(Norm norm) => new(norm.Weight, norm.Bias, Epsilon);
    }

    /// <summary>The layers' weights in a type, for the rewritten operations and for the library's.</summary>
    private sealed class Weights(LayerWeights layers, ScalarType type)
    {
        public static Dictionary<string, long[]> Shapes(long channels)
        {
            Dictionary<string, long[]> shapes = new() { ["norm.weight"] = [channels], ["norm.bias"] = [channels] };
            foreach (
                (string name, long from, long to) in new[]
                {
                    ("in", channels, channels),
                    ("out", channels, channels),
                    ("q", channels, channels),
                    ("k", channels, channels),
                    ("v", channels, channels),
                    ("to", channels, channels),
                    ("wide", channels, 8 * channels),
                    ("narrow", 4 * channels, channels),
                }
            )
                (shapes[$"{name}.weight"], shapes[$"{name}.bias"]) = ([to, from], [to]);
            return shapes;
        }

        public FastLinear Fast(params string[] names)
        {
            using Tensor weight = layers.Tensor($"{names[0]}.weight", type);
            return new(layers.Kept, weight.shape[1], weight.shape[0], true, [.. names.Select(name => layers.In(type)[name])]);
        }

        public Norm FastNorm() => new(layers.Tensor("norm.weight", type), layers.Tensor("norm.bias", type));

        public Tensor Norm(Tensor x) =>
            nn.functional.layer_norm(x, [x.shape[^1]], layers.Tensor("norm.weight", type), layers.Tensor("norm.bias", type), Epsilon);

        public Tensor Linear(string name, Tensor x) =>
            nn.functional.linear(x, layers.Tensor($"{name}.weight", type), layers.Tensor($"{name}.bias", type));

        public Tensor Attention(Tensor q, Tensor k, Tensor v, int heads)
        {
            Tensor mixed = nn.functional.scaled_dot_product_attention(
                Split(q), Split(k.expand(q.shape[0], -1, -1)), Split(v.expand(q.shape[0], -1, -1)));
            return mixed.transpose(1, 2).flatten(2);

            Tensor Split(Tensor x) => x.unflatten(2, [heads, -1]).transpose(1, 2);
        }

        /// <summary>The same numbers in either type.</summary>
        public Tensor Random(int seed, int words, int channels)
        {
            using var generator = new Generator((ulong)seed);
            return randn([1, words, channels], generator: generator).mul_(2).to(type);
        }
    }
}
