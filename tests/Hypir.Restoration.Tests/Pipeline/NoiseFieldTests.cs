using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;
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
            Assert.IsTrue(TiledFunction.Cut(whole, window).Equals(new NoiseField(231).Draw(window, 2, 6, float64)), window.ToString());
        Assert.IsTrue(whole.to(float32).Equals(field.Draw(new(0, 70, 0, 90), 2, 6, float32)), "Another type has the same numbers, rounded.");
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
    public void Seeds_and_pictures_of_a_batch_differ()
    {
        using var scope = NewDisposeScope();
        var window = new TileWindow(0, 64, 0, 64);
        long[] seeds = [0, 1, -1, 1L << 32, long.MinValue];
        Tensor[] fields = [.. seeds.Select(seed => new NoiseField(seed).Draw(window, 2, 4, float64))];
        for (int i = 0; i < fields.Length; i++)
        {
            Assert.AreEqual(0, (fields[i][0] * fields[i][1]).mean().item<double>(), 0.05, "The pictures of a batch share noise.");
            for (int j = 0; j < i; j++)
                Assert.AreEqual(0, (fields[i] * fields[j]).mean().item<double>(), 0.05, $"Seeds {seeds[i]} and {seeds[j]} share noise.");
        }
    }

    /// <summary>The known answers of the generator's authors (Random123, kat_vectors), through a field whose key and counter are zero.</summary>
    [TestMethod]
    public void The_generator_is_Philox()
    {
        Assert.AreEqual((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), NoiseField.Philox(0, 0, 0, 0, 0));
        Assert.AreEqual((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), NoiseField.Philox(-1, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue));
    }
}
