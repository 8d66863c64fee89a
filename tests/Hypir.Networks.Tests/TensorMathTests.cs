using System.Runtime.InteropServices;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests;

/// <summary>The guarded operations give the same bits as TorchSharp's own, and survive garbage collections.</summary>
[TestClass]
[DoNotParallelize]
public sealed class TensorMathTests : TensorTest
{
    /// <summary>Whether 200,000 rounds are wanted instead of 20,000, and the proof that unguarded operations fail.</summary>
    private static readonly bool Long = Environment.GetEnvironmentVariable("HYPIR_LONG") == "1";

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Operations => new (string, Func<Tensor, Tensor, Tensor>, Func<Tensor, Tensor, Tensor>)[]
    {
        ("x + y", (x, y) => x + y, (x, y) => x.Plus(y)),
        ("x + 3 y", (x, y) => x.add(y, 3), (x, y) => x.Plus(y, 3)),
        ("x + 0.1", (x, _) => x + 0.1, (x, _) => x.Plus(0.1)),
        ("x + 0.1f", (x, _) => x + 0.1f, (x, _) => x.Plus(0.1f)),
        ("1 + x", (x, _) => 1 + x, (x, _) => x.Plus(1)),
        ("x - 0.1", (x, _) => x - 0.1, (x, _) => x.Minus(0.1)),
        ("x - 7", (x, _) => x - 7, (x, _) => x.Minus(7)),
        ("1 - x", (x, _) => 1 - x, (x, _) => x.SubtractedFrom(1)),
        ("0.1 x", (x, _) => 0.1 * x, (x, _) => x.Times(0.1)),
        ("0.1f x", (x, _) => 0.1f * x, (x, _) => x.Times(0.1f)),
        ("3 x", (x, _) => 3 * x, (x, _) => x.Times(3)),
        ("x / 0.3", (x, _) => x / 0.3, (x, _) => x.DividedBy(0.3)),
        ("x / 3", (x, _) => x / 3, (x, _) => x.DividedBy(3)),
        ("x / 3L", (x, _) => x / 3L, (x, _) => x.DividedBy(3L)),
        ("x squared", (x, _) => x.square(), (x, _) => x.Squared()),
        ("x ^ 2.4", (x, _) => x.abs().pow(2.4), (x, _) => x.abs().ToPower(2.4)),
        ("x ^ 3", (x, _) => x.pow(3), (x, _) => x.ToPower(3)),
        ("clamp to fractions", (x, _) => x.clamp(-0.3, 0.3), (x, _) => x.Clamped(-0.3, 0.3)),
        ("clamp to whole numbers", (x, _) => x.clamp(2, 40), (x, _) => x.Clamped(2, 40)),
        ("at least", (x, _) => x.clamp_min(0.3), (x, _) => x.AtLeast(0.3)),
        ("x > 0.3", (x, _) => x > 0.3, (x, _) => x.IsAbove(0.3)),
        ("x > 0", (x, _) => x > 0, (x, _) => x.IsAbove(0)),
        ("filled", (x, _) => full(x.shape, 3, x.dtype), (x, _) => TensorMath.Filled(x.shape, 3, x.dtype)),
        ("x += y", (x, y) => x.add_(y), (x, y) => x.AddInPlace(y)),
        ("x += 2 y", (x, y) => x.add_(y, 2), (x, y) => x.AddInPlace(y, 2)),
        ("x -= 2", (x, _) => x.sub_(2), (x, _) => x.SubtractInPlace(2)),
        ("x *= 2", (x, _) => x.mul_(2), (x, _) => x.MultiplyInPlace(2)),
        ("clamp in place", (x, _) => x.clamp_(0, 1), (x, _) => x.ClampInPlace(0, 1)),
        ("x += 3 y y", (x, y) => x.addcmul_(y, y, 3), (x, y) => x.AddProductInPlace(y, y, 3)),
    }.SelectMany(o => new[] { float32, float64, bfloat16, float16, int32, uint8 }
        .Select(type => new object[] { $"{o.Item1} of {type}", type, o.Item2, o.Item3 }));

    public static IEnumerable<object[]> FloatingOperations => new (string, Func<Tensor, Tensor, Tensor>, Func<Tensor, Tensor, Tensor>)[]
    {
        ("x + 0.3 y", (x, y) => x.add(y, 0.3), (x, y) => x.Plus(y, 0.3)),
        ("range", (x, _) => arange(x.shape[0], x.dtype), (x, _) => TensorMath.Range(x.shape[0], x.dtype)),
        ("leaky", (x, _) => nn.functional.leaky_relu(x, 0.2), (x, _) => x.LeakyRelu(0.2)),
        ("mish", (x, _) => nn.functional.mish(x), (x, _) => x.Mish()),
        ("x += 0.3 y", (x, y) => x.add_(y, 0.3), (x, y) => x.AddInPlace(y, 0.3)),
        ("x += 0.3", (x, _) => x.add_(0.3), (x, _) => x.AddInPlace(0.3)),
        ("x *= 0.3", (x, _) => x.mul_(0.3), (x, _) => x.MultiplyInPlace(0.3)),
        ("x /= 0.3", (x, _) => x.div_(0.3), (x, _) => x.DivideInPlace(0.3)),
        ("x /= 255", (x, _) => x.div_(255), (x, _) => x.DivideInPlace(255)),
        ("clamp in place", (x, _) => x.clamp_(-0.3, 0.3), (x, _) => x.ClampInPlace(-0.3, 0.3)),
        ("x += 0.3 y y", (x, y) => x.addcmul_(y, y, 0.3), (x, y) => x.AddProductInPlace(y, y, 0.3)),
        ("x += 0.3 y / x", (x, y) => x.addcdiv_(y, y.abs(), 0.3), (x, y) => x.AddQuotientInPlace(y, y.abs(), 0.3)),
        ("x += 3 y / x", (x, y) => x.addcdiv_(y, y.abs(), 3), (x, y) => x.AddQuotientInPlace(y, y.abs(), 3)),
    }.SelectMany(o => new[] { float32, float64, bfloat16, float16 }
        .Select(type => new object[] { $"{o.Item1} of {type}", type, o.Item2, o.Item3 }));

    [TestMethod]
    [DynamicData(nameof(Operations))]
    [DynamicData(nameof(FloatingOperations))]
    public void Results_have_the_type_and_the_bits_of_TorchSharps_own(
        string name, ScalarType type, Func<Tensor, Tensor, Tensor> theirs, Func<Tensor, Tensor, Tensor> ours)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        Tensor x = (randn([1000], generator: generator) * 50).to(type), y = (randn([1000], generator: generator) * 50).to(type);
        // In-place forms change their argument.
        Tensor expected = theirs(x.clone(), y), actual = ours(x.clone(), y);
        Assert.AreEqual(expected.dtype, actual.dtype, name);
        Assert.IsTrue(expected.bytes.SequenceEqual(actual.bytes), name);
    }

    /// <summary>
    /// One thread computes, another allocates and collects. TorchSharp's own forms fail here within some thousand rounds.
    /// </summary>
    [TestMethod]
    public void Numbers_are_never_collected_while_libtorch_reads_them()
    {
        var (failed, first) = Race(Long ? 200_000 : 20_000, (x, y) =>
        {
            using Tensor product = x.Times(0.25), sum = product.Plus(y), next = sum.Plus(1);
            return next.DivideInPlace(2).Squared();
        });
        Assert.AreEqual(0, failed, first);
    }

    /// <summary>The same without the guard shows that the test above can fail. Nothing promises when: only with HYPIR_LONG=1.</summary>
    [TestMethod]
    public void Numbers_of_TorchSharps_own_forms_are()
    {
        if (!Long)
            Assert.Inconclusive("Runs with HYPIR_LONG=1.");
        var (failed, first) = Race(200_000, (x, y) =>
        {
            using Tensor product = x.mul(0.25), sum = product.add(y), next = sum.add(1);
            return next.div_(2).square();
        });
        Assert.IsGreaterThan(0, failed);
        Assert.AreNotEqual("", first);
    }

    /// <summary>((0.25 + 1 + 1) / 2)² again and again. Other results and exceptions are counted.</summary>
    private (int Failed, string First) Race(int rounds, Func<Tensor, Tensor, Tensor> round)
    {
        bool stop = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                GC.KeepAlive(new byte[60_000]);
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        int failed = 0;
        string first = "";
        try
        {
            using var noGradient = no_grad();
            using Tensor x = ones(64, 64), y = ones(64, 64);
            for (int i = 0; i < rounds; i++)
            {
                string? failure = null;
                try
                {
                    using Tensor result = round(x, y), corner = result[0, 0];
                    if (corner.item<float>() != 1.265625f)
                        failure = $"{corner.item<float>()}";
                }
                catch (ExternalException e)
                {
                    failure = e.Message;
                }
                if (failure is not null && failed++ == 0)
                    first = $"round {i}: {failure}";
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            collector.Join();
        }
        TestContext.WriteLine($"{rounds} rounds, {failed} failed, {GC.CollectionCount(0)} collections; first: {first}");
        return (failed, first);
    }
}
