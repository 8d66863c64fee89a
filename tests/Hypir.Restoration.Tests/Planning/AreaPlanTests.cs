using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Restoration.Tests.Pipeline;

namespace Hypir.Restoration.Tests.Planning;

/// <summary>Windows of areas: what the model sees, and where its result belongs.</summary>
[TestClass]
public sealed class AreaPlanTests
{
    private static readonly ModelFacts Nano = Machine.Nano.ReadFacts();

    [TestMethod]
    public void The_cost_is_the_areas_and_not_the_images()
    {
        RestoreOptions options = new() { Area = new(3000, 2000, 200, 100) };
        RestorePlan small = Plan(4000, 3000, options), large = Plan(16_000, 12_000, options), whole = Plan(4000, 3000, new());
        Assert.AreEqual(small.Operations, large.Operations, "The same area of a larger image costs the same.");
        Assert.IsLessThan(whole.Operations / 20, small.Operations);
        Assert.AreEqual(new PixelSize(200, 100), small.Result);
    }

    /// <summary>Properties of many random areas, sizes and factors.</summary>
    [TestMethod]
    public void Windows_surround_areas_and_lie_on_the_pixels_of_the_scaled_image()
    {
        var random = new Random(7);
        double[] factors = [1, 2, 4, 0.5, 1.5, 0.25, 1.2, 1.2345];
        for (int i = 0; i < 2000; i++)
        {
            int width = random.Next(8, 3000), height = random.Next(8, 3000);
            int x = random.Next(width), y = random.Next(height);
            var area = new PixelArea(x, y, random.Next(1, width - x + 1), random.Next(1, height - y + 1));
            double factor = factors[random.Next(factors.Length)];
            bool keeps = random.Next(2) == 1;
            RestoreOptions options = new() { Area = area, KeepsRest = keeps, Upscale = factor };
            if (Math.Min(area.Width, area.Height) * factor < 1 || Math.Min(width, height) * factor < 1)
                continue;
            string text = $"{area} of {width}x{height}, {factor} times, keeps: {keeps}";
            AreaPlan plan = Plan(width, height, options).Area!;
            PixelSize image = new(width, height), window = plan.Window.Size;
            Assert.IsTrue(plan.Window.LiesIn(image), text);
            Assert.IsTrue(Within(area, plan.Area) && Within(plan.Area, plan.Window), text);
            Assert.IsTrue(plan.Part.LiesIn(plan.Scaled), $"{text}: {plan}");
            Assert.AreEqual(plan.Result, keeps ? ImageSizes.Scale(image, options).Size : plan.Part.Size, text);
            if (plan.Place is not { } place)
                continue;
            Assert.IsTrue(place.LiesIn(plan.Result), text);
            Assert.AreEqual(plan.Part.Size, place.Size, text);
            // The window begins on a pixel of the scaled image, so that both show the same.
            Assert.AreEqual(plan.Window.X * factor, place.X - plan.Part.X, 1e-6, text);
            Assert.AreEqual(plan.Window.Y * factor, place.Y - plan.Part.Y, 1e-6, text);
        }

        static bool Within(PixelArea inner, PixelArea outer) =>
            inner.X >= outer.X && inner.Y >= outer.Y && inner.Right <= outer.Right && inner.Bottom <= outer.Bottom;
    }

    [TestMethod]
    [DataRow(90, 0, 20, 10)]
    [DataRow(0, 0, 10, 81)]
    [DataRow(-1, 0, 10, 10)]
    [DataRow(int.MaxValue, 0, int.MaxValue, 1)]
    [DataRow(0, 0, 0, 1)]
    public void An_area_outside_of_the_image_is_refused(int x, int y, int width, int height)
    {
        var failure = Assert.ThrowsExactly<PlanException>(() => Plan(100, 80, new() { Area = new(x, y, width, height) }));
        Assert.AreEqual("crop", failure.Option);
        StringAssert.Contains(failure.Message, "100x80");
    }

    /// <summary>A model with a smallest size sees more of the image, instead of the area enlarged.</summary>
    [TestMethod]
    public void A_small_area_is_seen_with_surroundings_of_the_models_own_size()
    {
        var reference = StableDiffusion.Facts with { Needs = ModelNeeds.Reference };
        RestorePlan plan = RestorePlan.Create(2000, 1500, false, new() { Area = new(10, 1400, 50, 50) }, reference, Machine.Facts);
        Assert.IsFalse(plan.Sizes.Enlarges);
        // It begins at a multiple of 8 pixels, as tiles of the whole image do.
        Assert.AreEqual((0, 984, 512, 516), (plan.Area!.Window.X, plan.Area.Window.Y, plan.Area.Window.Width, plan.Area.Window.Height));
    }

    private static RestorePlan Plan(int width, int height, RestoreOptions options) =>
        RestorePlan.Create(width, height, false, options, Nano, Machine.Facts);
}
