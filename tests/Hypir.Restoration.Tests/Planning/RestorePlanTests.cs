using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Tests.Pipeline;

namespace Hypir.Restoration.Tests.Planning;

[TestClass]
public sealed class RestorePlanTests
{
    private static readonly ModelFacts Nano = Machine.Nano.ReadFacts();

    [TestMethod]
    public void The_references_tiling_of_a_large_image()
    {
        RestorePlan plan = Plan(2048, 2048, new() { Mode = RestoreMode.Reference });
        Assert.AreEqual(49, plan.Encoding.Tiles.Count);
        Assert.AreEqual(new TileWindow(0, 64, 32, 96), plan.Restoring.Tiles.Window(0, 1));
        Assert.AreEqual(49, plan.Decoding.Tiles.Count);
        // 49 tiles of 1,117 + 804 + 2,515 GFLOP and one text: 217 TFLOP.
        Assert.AreEqual(217, plan.Operations / 1e12, 0.5);
        Assert.AreEqual(ComputePrecision.Float32, plan.Compute.UNet);
        Assert.IsNull(plan.Seconds);
    }

    [TestMethod]
    [DataRow(100, 80, 104, 80)]
    [DataRow(1, 1, 8, 8)]
    [DataRow(9, 17, 16, 24)]
    [DataRow(600, 520, 600, 520)]
    public void A_model_that_wants_it_is_padded_and_never_enlarged(int width, int height, int paddedWidth, int paddedHeight)
    {
        RestorePlan plan = RestorePlan.Create(width, height, false, new(), Nano, Machine.Facts);
        Assert.AreEqual(new PixelSize(width, height), plan.Sizes.Working);
        Assert.IsFalse(plan.Sizes.Enlarges);
        Assert.AreEqual(new PixelSize(paddedWidth, paddedHeight), plan.Sizes.Padded);
    }

    [TestMethod]
    public void A_model_that_needs_more_pixels_is_padded_up_to_its_minimum()
    {
        ModelFacts model = Nano with { Needs = Nano.Needs with { Minimum = 64 } };
        RestorePlan plan = RestorePlan.Create(10, 100, false, new(), model, Machine.Facts);
        Assert.AreEqual(new PixelSize(64, 104), plan.Sizes.Padded);
    }

    [TestMethod]
    public void Without_needs_a_small_image_is_enlarged_as_in_the_reference()
    {
        RestorePlan plan = Plan(300, 200);
        Assert.AreEqual(new PixelSize(768, 512), plan.Sizes.Working);
        Assert.AreEqual(new PixelSize(300, 200), plan.Sizes.Scaled);
        Assert.IsTrue(plan.Sizes.Enlarges);
        Assert.IsFalse(Plan(513, 512).Sizes.Enlarges);
    }

    [TestMethod]
    [DataRow(500, null, null, 500, 375)]
    [DataRow(null, 300, null, 400, 300)]
    [DataRow(500, 300, null, 400, 300)]
    [DataRow(300, 3000, null, 300, 225)]
    [DataRow(1, null, null, 1, 1)]
    [DataRow(null, null, 3.0, 2000, 1500)]
    public void A_size_keeps_the_proportions(int? width, int? height, double? megapixels, int resultWidth, int resultHeight)
    {
        RestoreOptions options = new() { Width = width, Height = height, Megapixels = megapixels };
        Assert.AreEqual(new PixelSize(resultWidth, resultHeight), Plan(1000, 750, options).Result);
        Assert.AreEqual(new PixelSize(1000, 750), Plan(1000, 750, options.AtOwnSize()).Result);
    }

    [TestMethod]
    public void Scaling_by_factor_and_by_longest_side_truncates_as_the_reference_does()
    {
        Assert.AreEqual(new PixelSize(1534, 1150), Plan(1023, 767, new() { Upscale = 1.5 }).Sizes.Scaled);
        Assert.AreEqual(new PixelSize(1000, 749), Plan(1023, 767, new() { LongestSide = 1000, Upscale = 3 }).Sizes.Scaled);
        Assert.AreEqual(new PixelSize(749, 1000), Plan(767, 1023, new() { LongestSide = 1000 }).Sizes.Scaled);
        Assert.AreEqual(new PixelSize(77, 77), Plan(49, 49, new() { LongestSide = 77 }).Sizes.Scaled);
    }

    [TestMethod]
    public void A_measured_speed_gives_seconds()
    {
        RestorePlan plan = Plan(1024, 1024);
        var speed = new MeasuredSpeed("cpu", ComputePrecision.Float32, "sd2.1", plan.Operations / 50);
        double? With(MeasuredSpeed known) =>
            RestorePlan.Create(1024, 1024, false, new(), StableDiffusion.Facts, Machine.Facts with { Speeds = [known] }).Seconds;
        Assert.AreEqual(50, With(speed)!.Value, 1e-6);
        Assert.IsNull(With(speed with { Model = "another" }));
        Assert.IsNull(With(speed with { Device = "cuda:0" }));
        Assert.IsNull(With(speed with { Precision = ComputePrecision.Bfloat16 }));
    }

    [TestMethod]
    public void Nothing_is_computed_for_a_strength_of_0()
    {
        RestorePlan plan = Plan(2048, 2048, new() { Strength = 0 });
        Assert.IsFalse(plan.RunsModel);
        Assert.AreEqual(0, plan.Encoding.Tiles.Count + plan.Restoring.Tiles.Count + plan.Decoding.Tiles.Count);
        Assert.AreEqual(0, plan.Operations);
    }

    [TestMethod]
    public void Memory_is_named_and_its_peak_is_what_is_there_at_once()
    {
        RestorePlan plan = RestorePlan.Create(4096, 4096, true, new() { Upscale = 2 }, StableDiffusion.Facts, Machine.Facts);
        long Of(string name) => plan.Memory.Where(part => part.Name == name).Sum(part => part.Bytes);
        Assert.AreEqual(4L * 4096 * 4096, Of("input image"));
        Assert.AreEqual(4L * 8192 * 8192, Of("result image"));
        Assert.AreEqual(12L * 8192 * 8192, Of("scaled input"));
        // The full-size manifests: 865.9 M parameters in the UNet, in float32.
        Assert.AreEqual(865_910_724L * 4, Of("UNet weights"));
        Assert.IsTrue(plan.PeakMemory < plan.Memory.Sum(part => part.Bytes), "The stages do not need their memory at the same time.");
        Assert.IsTrue(plan.PeakMemory >= plan.Memory.Where(part => part.Stage is null or RestoreStage.Decoding).Sum(part => part.Bytes));
        Assert.AreEqual(0, plan.PeakGpuMemory);
        Assert.IsTrue(plan.Fits);
        Assert.IsFalse((plan with { FreeMemory = plan.PeakMemory - 1 }).Fits);
    }

    [TestMethod]
    public void A_cards_memory_is_counted_apart()
    {
        MachineFacts machine = Machine.Facts with { Gpus = [new(0, "card", 4L << 30, new(8, 0))] };
        RestorePlan plan = RestorePlan.Create(1024, 1024, false, new(), StableDiffusion.Facts, machine);
        Assert.AreEqual("cuda:0", plan.Compute.Device);
        Assert.IsTrue(plan.PeakGpuMemory > 2L * 865_910_724, "The UNet's weights in bfloat16 lie there.");
        Assert.IsTrue(plan.PeakMemory < 1L << 30, "They do not lie in the host's memory.");
        Assert.AreEqual(4L << 30, plan.FreeGpuMemory);
    }

    [TestMethod]
    [DataRow(16384, 16384)]
    [DataRow(1, 16384)]
    [DataRow(16384, 1)]
    public void Large_and_long_images_have_plans(int width, int height)
    {
        foreach (ModelFacts model in new[] { Nano, StableDiffusion.Facts with { Needs = Nano.Needs } })
        {
            RestorePlan plan = RestorePlan.Create(width, height, false, new(), model, Machine.Facts);
            Assert.IsTrue(plan.PeakMemory > 0);
            Assert.IsTrue(plan.FinishingRows >= 1);
        }
    }

    private static RestorePlan Plan(int width, int height, RestoreOptions? options = null) =>
        RestorePlan.Create(width, height, false, options ?? new(), StableDiffusion.Facts, Machine.Facts);
}
