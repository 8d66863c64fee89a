using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Memory;
using Hypir.Restoration.Tests.Pipeline;

namespace Hypir.Restoration.Tests.Planning;

/// <summary>Whatever is restored where, plans with smaller tiles need less memory, end, and are what they say.</summary>
[TestClass]
public sealed class SmallerPlansTests
{
    private static readonly ModelFacts Nano = Machine.Nano.ReadFacts();

    private static readonly ModelFacts[] Models =
    [
        Nano,
        StableDiffusion.Facts,
        StableDiffusion.Facts with
        {
            Needs = Nano.Needs,
        },
        Nano with
        {
            Needs = Nano.Needs with { Minimum = 200, Multiple = 12 },
        },
        Nano with
        {
            Needs = Nano.Needs with { Patch = 1024, Stride = 256, BelowMinimum = BelowMinimum.Enlarge },
        },
    ];

    [TestMethod]
    public void Each_plan_needs_less_memory_than_the_one_before_and_executes_the_tiles_it_was_asked_for()
    {
        int steps = 0;
        Any(7, 400, (plan, machine, text) =>
        {
            long before = plan.ComputeMemory;
            int tile = plan.UNetTile.Longer, count = 0;
            foreach (RestorePlan smaller in plan.Smaller(machine))
            {
                Assert.IsLessThan(before, smaller.ComputeMemory, $"{text}: step {count}");
                Assert.AreEqual(smaller.Options.Tile, smaller.UNetTile.Longer, text);
                Assert.IsLessThanOrEqualTo(tile, smaller.UNetTile.Longer, text);
                Assert.IsLessThanOrEqualTo(smaller.UNetTile.Longer, smaller.VaeTile.Longer, text);
                Assert.AreEqual((plan.Sizes.Scaled, plan.Compute), (smaller.Sizes.Scaled, smaller.Compute), text);
                (before, tile) = (smaller.ComputeMemory, smaller.UNetTile.Longer);
                Assert.IsLessThan(30, ++count, text);
            }
            steps += count;
        });
        Assert.IsGreaterThan(200, steps, "Otherwise hardly anything was tested.");
    }

    [TestMethod]
    public void The_tiles_of_a_plan_are_those_of_its_stages()
    {
        Any(8, 200, (plan, _, text) =>
        {
            int factor = plan.Model.Factor;
            Assert.AreEqual(
                new PixelSize(plan.Restoring.Tiles.Columns.Tile * factor, plan.Restoring.Tiles.Rows.Tile * factor), plan.UNetTile, text);
            Assert.AreEqual(
                new PixelSize(plan.Restoring.Tiles.Columns.Stride * factor, plan.Restoring.Tiles.Rows.Stride * factor), plan.UNetStride,
                text);
            Assert.AreEqual(new PixelSize(plan.Encoding.Tiles.Columns.Tile, plan.Encoding.Tiles.Rows.Tile), plan.VaeTile, text);
            Assert.AreEqual(plan.RunsModel, plan.UNetTile.Pixels > 0, text);
        });
    }

    [TestMethod]
    public void A_plan_made_from_a_smaller_ones_request_is_the_same_plan()
    {
        Any(9, 100, (plan, machine, text) =>
        {
            foreach (RestorePlan smaller in plan.Smaller(machine))
            {
                RestorePlan again = RestorePlan.Create(
                    plan.Sizes.Input.Width, plan.Sizes.Input.Height, plan.Alpha, smaller.Options, plan.Model, machine, plan.BitsPerSample);
                Assert.AreEqual(
                    (smaller.UNetTile, smaller.VaeTile, smaller.PeakMemory), (again.UNetTile, again.VaeTile, again.PeakMemory), text);
            }
        });
    }

    [TestMethod]
    public void Tiles_in_reference_mode_are_part_of_the_result_and_stay()
    {
        RestorePlan plan = RestorePlan.Create(2000, 1500, false, new() { Mode = RestoreMode.Reference }, Nano, Machine.Facts);
        Assert.IsEmpty(plan.Smaller(Machine.Facts));
    }

    [TestMethod]
    public void What_ran_out_of_memory_is_above_the_ceiling()
    {
        MachineFacts machine = Machine.Facts with { Gpus = [new(0, "card", 64L << 30, new(8, 0))] };
        RestorePlan plan = RestorePlan.Create(2048, 2048, false, new(), StableDiffusion.Facts, machine);
        MemoryCeiling gpu = MemoryCeiling.None.Below(plan, onGpu: true), host = MemoryCeiling.None.Below(plan, onGpu: false);
        Assert.IsFalse(gpu.Admits(plan));
        Assert.IsFalse(host.Admits(plan));
        Assert.IsTrue(MemoryCeiling.None.Admits(plan));
        Assert.AreEqual(plan.PeakGpuMemory - 1, gpu.On(machine).Gpus[0].FreeMemory);
        Assert.AreEqual(machine.FreeMemory, gpu.On(machine).FreeMemory);
        Assert.AreEqual(plan.PeakMemory - 1, host.On(machine).FreeMemory);
        Assert.AreEqual(gpu, gpu.Below(plan, onGpu: true), "A ceiling never rises.");
    }

    /// <summary>Makes plans of random sizes, options, models and machines, the same ones each time.</summary>
    private static void Any(int seed, int count, Action<RestorePlan, MachineFacts, string> check)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            ModelFacts model = Models[random.Next(Models.Length)];
            var options = new RestoreOptions
            {
                Mode = random.Next(5) == 0 ? RestoreMode.Reference : RestoreMode.Fast,
                Precision = (ComputePrecision)random.Next(5),
                Device = random.Next(2) == 0 ? "cpu" : "auto",
                Tile = random.Next(2) == 0 ? null : model.Multiple * random.Next((model.Needs.Minimum ?? 0) / model.Multiple + 8, 150),
                Upscale = random.Next(3) == 0 ? 2 : 1,
                Strength = random.Next(10) == 0 ? 0 : 1,
            };
            long free = 1L << random.Next(27, 38);
            MachineFacts machine = Machine.Facts with { FreeMemory = free, Gpus = [new(0, "card", 1L << random.Next(27, 38), new(8, 0))] };
            int width = random.Next(1, 1 << random.Next(6, 13)), height = random.Next(1, 1 << random.Next(6, 13));
            bool alpha = random.Next(2) == 0;
            // Beyond the longest side that is computed: a narrow image that is enlarged to the model's smallest size.
            if (Math.Max(width, height) / Math.Min(width, height) > 100)
                continue;
            RestorePlan plan = RestorePlan.Create(width, height, alpha, options, model, machine);
            check(plan, machine, $"case {i}: {width}x{height}, {model.Name} {model.Needs}, {options}");
        }
    }
}
