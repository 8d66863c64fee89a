using System.Text.Json;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class ResamplingTests : TensorTest
{
    [TestMethod]
    [TestCategory("Golden")]
    public void Bicubic_is_the_references()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("resize", "bicubic.safetensors"));
        Tensor x = golden["in.x"];
        int ran = 0;
        foreach (JsonProperty item in golden.Case.GetProperty("cases").EnumerateObject())
        {
            double error = Numbers.AssertClose(golden[item.Name], Resize(x, item.Value), 1e-12, item.ToString());
            double error32 = Numbers.AssertClose(golden[item.Name + ".f32"], Resize(x.to(float32), item.Value), 5e-6, $"{item} in float32");
            Console.WriteLine($"{item}: {error:g3}, float32 {error32:g3}");
            ran++;
        }
        Assert.AreNotEqual(0, ran);
    }

    private static Tensor Resize(Tensor x, JsonElement options)
    {
        if (options.TryGetProperty("scale_factor", out var factor))
            return Resampling.ByFactor(x, factor.GetDouble());
        int[] size = [.. options.GetProperty("size").EnumerateArray().Select(n => n.GetInt32())];
        return Resampling.ToSize(
            x, new PixelSize(size[1], size[0]), options.TryGetProperty("antialias", out var antialias) && antialias.GetBoolean());
    }

    [TestMethod]
    public void The_same_size_is_no_change()
    {
        using var scope = NewDisposeScope();
        Tensor x = rand(1, 3, 19, 31);
        Assert.IsTrue(x.Equals(Resampling.ByFactor(x, 1)));
        Assert.IsTrue(x.Equals(Resampling.ToSize(x, new(31, 19), antialias: true)));
    }
}
