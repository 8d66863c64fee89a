using System.Runtime.Intrinsics;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class NoiseFieldTests : TensorTest
{
    [TestMethod]
    public void A_positions_noise_does_not_depend_on_the_tile()
    {
        using var scope = NewDisposeScope();
        var field = new NoiseField(231);
        Tensor whole = field.Draw(new(0, 70, 0, 90), 2, 6, float64);
        foreach (TileWindow window in TileGrid.Cover(70, 90, 32, 20).Windows())
            Assert.IsTrue(TensorTiles.Cut(whole, window).Equals(new NoiseField(231).Draw(window, 2, 6, float64)), window.ToString());
        Assert.IsTrue(
            whole.to(float32).Equals(field.Draw(new(0, 70, 0, 90), 2, 6, float32)), "Another type has the same numbers, rounded.");
    }

    [TestMethod]
    public void Draws_do_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        int threads = get_num_threads();
        try
        {
            Tensor[] Draw(int count)
            {
                set_num_threads(count);
                using var drawn = new TorchNoise(7);
                return [new NoiseField(7).Draw(new(0, 200, 0, 300), 1, 4, float32), drawn.Draw(new(0, 200, 0, 300), 1, 4, float32)];
            }
            Tensor[] one = Draw(1), four = Draw(4);
            Assert.IsTrue(one[0].Equals(four[0]));
            Assert.IsTrue(one[1].Equals(four[1]));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [TestMethod]
    public void It_is_standard_normal_and_white()
    {
        using var scope = NewDisposeScope();
        Tensor noise = new NoiseField(5).Draw(new(100, 356, 1000, 1256), 1, 4, float64);
        // 262,144 numbers: the standard errors of these four are 0.002, 0.0028, 0.0096 and 0.002.
        Assert.AreEqual(0, noise.mean().item<double>(), 0.01);
        Assert.AreEqual(1, noise.square().mean().item<double>(), 0.014);
        Assert.AreEqual(3, noise.pow(4).mean().item<double>(), 0.05);
        foreach ((int dimension, string name) in new[] { (1, "channels"), (2, "rows"), (3, "columns") })
        {
            long length = noise.shape[dimension] - 1;
            double correlation = (noise.narrow(dimension, 0, length) * noise.narrow(dimension, 1, length)).mean().item<double>();
            Assert.AreEqual(0, correlation, 0.01, $"Neighbouring {name} are correlated.");
        }
    }

    [TestMethod]
    public void Seeds_and_images_of_a_batch_differ()
    {
        using var scope = NewDisposeScope();
        var window = new TileWindow(0, 64, 0, 64);
        long[] seeds = [0, 1, -1, 1L << 32, long.MinValue];
        Tensor[] fields = [.. seeds.Select(seed => new NoiseField(seed).Draw(window, 2, 4, float64))];
        for (int i = 0; i < fields.Length; i++)
        {
            Assert.AreEqual(0, (fields[i][0] * fields[i][1]).mean().item<double>(), 0.05, "The images of a batch share noise.");
            for (int j = 0; j < i; j++)
                Assert.AreEqual(0, (fields[i] * fields[j]).mean().item<double>(), 0.05, $"Seeds {seeds[i]} and {seeds[j]} share noise.");
        }
    }

    /// <summary>
    /// The known answers of the generator's authors (Random123, kat_vectors), through a field whose key and counter are zero.
    /// </summary>
    [TestMethod]
    public void The_generator_is_Philox()
    {
        Assert.AreEqual((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Words(0, 0));
        Assert.AreEqual((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), Words(-1, uint.MaxValue));
    }

    /// <summary>Each number is the Box-Muller transform of the generator's words at its place, whatever is evaluated beside it.</summary>
    [TestMethod]
    public void Numbers_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();
        Tensor noise = new NoiseField(0).Draw(new(0, 1, 0, 13), 1, 2, float64);
        (uint a, uint b, _, _) = Words(0, 0);
        double radius = Math.Sqrt(-2 * Math.Log((a + 0.5) / 4294967296)), angle = 2 * Math.PI * (b + 0.5) / 4294967296;
        Assert.AreEqual(radius * Math.Cos(angle), noise[0, 0, 0, 0].item<double>(), 1e-12);
        Assert.AreEqual(radius * Math.Sin(angle), noise[0, 1, 0, 0].item<double>(), 1e-12);
        Tensor last = new NoiseField(0).Draw(new(0, 1, 12, 13), 1, 2, float64);
        Assert.IsTrue(last.Equals(noise.narrow(3, 12, 1)));
    }

    private static (uint A, uint B, uint C, uint D) Words(long key, uint counter)
    {
        Vector512<ulong> word = Vector512.Create((ulong)counter);
        var (a, b, c, d) = NoiseField.Philox(key, word, word, word, word);
        return ((uint)a[3], (uint)b[3], (uint)c[3], (uint)d[3]);
    }
}
