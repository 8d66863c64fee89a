using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;

namespace Hypir.Onnx.Tests;

/// <summary>Whole images, restored by graphs, against torch: tiles, blending and color fix are the same code.</summary>
[TestClass]
public sealed class WholeImageTests : TensorTest
{
    private static readonly RasterImage Odd = Machine.Image(91, 53);

    /// <summary>Several tiles of each stage, and an image whose sides are odd. ONNX Runtime computes on the CPU.</summary>
    [TestMethod]
    public void A_diffusion_model()
    {
        RestoreOptions options = new() { Tile = 64, Strength = 0.8 };
        AssertEqual(Machine.Nano, options, Machine.Place());
    }

    /// <summary>Tiles of several sizes, and a result that is reduced.</summary>
    [TestMethod]
    [TestCategory("Golden")]
    public void A_single_pass_network()
    {
        using var folder = new TemporaryFolder();
        AssertEqual(Machine.Compact(folder), new() { Tile = 48, Upscale = 1.5 }, Machine.Place());
    }

    /// <summary>The same in other processes.</summary>
    [TestMethod]
    public void Workers()
    {
        AssertEqual(Machine.Nano, new() { Tile = 64 }, Machine.Workers());
    }

    [TestMethod]
    [TestCategory("AnyGpu")]
    public void A_diffusion_model_on_WebGPU()
    {
        AnyGpu.Require();
        AssertEqual(Machine.Nano, new(), Machine.Workers(), "webgpu:0", Machine.Image(24, 20));
    }

    [TestMethod]
    [TestCategory("AnyGpu")]
    [TestCategory("Golden")]
    public void A_single_pass_network_on_WebGPU()
    {
        AnyGpu.Require();
        using var folder = new TemporaryFolder();
        AssertEqual(Machine.Compact(folder), new() { Tile = 48 }, Machine.Workers(), "webgpu:0", Machine.Image(70, 40));
    }

    private static void AssertEqual(
        ModelSource model, RestoreOptions options, Planning.Machine.GraphPlace place, string device = "cpu", RasterImage? image = null)
    {
        image ??= Odd;
        RestorePlan plan = Machine.OnCpu(model, options, image.Width, image.Height);
        RestoreResult expected = Machine.Restore(model, plan, image), actual = Machine.Restore(model, plan.On(place, device), image);
        Assert.IsEmpty(actual.Notes, string.Join(' ', actual.Notes));
        Assert.IsLessThanOrEqualTo(1, Machine.Difference(expected, actual));
    }
}
