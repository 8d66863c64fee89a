using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Memory;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Server;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Serving;

/// <summary>What a warm engine plans on a GPU whose memory it occupies itself, and what it tries when that is short.</summary>
[TestClass]
public sealed class GpuMemoryTests : EngineTest
{
    private const long Gigabyte = 1_000_000_000;

    private static readonly RestoreRequest Large = new()
    {
        Width = 3000,
        Height = 2000,
        Layout = PixelLayout.Rgb24,
        Model = NanoModel.Name,
    };

    private readonly GpuLedger _gpus = new();

    [TestInitialize]
    public void AddNano() => NanoModel.AddTo(In("home"));

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_second_job_gets_the_plan_of_the_first(bool driverTells)
    {
        RestorePlan alone = PlannerOf(new FakeGpu(64 * Gigabyte)).Plan(Large).Plan;
        // Just enough for the job, so that any byte that is counted twice makes the plan another one.
        var gpu = new FakeGpu(alone.PeakGpuMemory + 1000, driverTells);
        Planner planner = PlannerOf(gpu);
        RestorePlan first = planner.Plan(Large).Plan;
        Assert.AreEqual(("cuda:0", true), (first.Compute.Device, first.Fits));
        Execute(gpu, first);
        RestorePlan second = planner.Plan(Large).Plan;
        Assert.AreEqual(Figures(first), Figures(second));
        Execute(gpu, second);
        Assert.AreEqual(Figures(first), Figures(planner.Plan(Large).Plan));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Memory_of_other_processes_still_counts(bool driverTells)
    {
        RestorePlan alone = PlannerOf(new FakeGpu(64 * Gigabyte)).Plan(Large).Plan;
        var gpu = new FakeGpu(alone.PeakGpuMemory + 1000, driverTells);
        Planner planner = PlannerOf(gpu);
        Execute(gpu, planner.Plan(Large).Plan);
        gpu.Others = 500;
        Assert.AreEqual(alone.PeakGpuMemory + 500, planner.Plan(Large).Plan.FreeGpuMemory);
        gpu.Others = 2000;
        RestorePlan less = planner.Plan(Large).Plan;
        Assert.AreEqual(alone.PeakGpuMemory - 1000, less.FreeGpuMemory);
        Assert.AreNotEqual(Figures(alone), Figures(less));
    }

    [TestMethod]
    public void What_is_held_never_counts_for_more_than_the_gpu_has()
    {
        var gpu = new FakeGpu(8 * Gigabyte, tells: false);
        _gpus.Raise("cuda:0", 6 * Gigabyte);
        Assert.AreEqual(8 * Gigabyte, PlannerOf(gpu).Machine().Gpus[0].FreeMemory);
    }

    [TestMethod]
    public void Room_is_made_by_dropping_what_is_needed_and_no_more()
    {
        RestorePlan plan = PlannerOf(new FakeGpu(64 * Gigabyte)).Plan(Large).Plan;
        RestorePlan With(long free) => plan with { FreeGpuMemory = plan.PeakGpuMemory + free };
        HeldMemory[] models =
        [
            new("cuda:0", 10, 300), // the least recently used
            new("cpu", 400, 0), new("cuda:1", 10, 500), new("cuda:0", 10, 200), new("cuda:0", 10, 100),
        ];
        int[] Dropped(RestorePlan plan) => [.. ModelRoom.ToDrop(plan, Enumerable.Range(0, models.Length), i => models[i])];
        CollectionAssert.AreEqual(Array.Empty<int>(), Dropped(With(600)));
        CollectionAssert.AreEqual(new[] { 0 }, Dropped(With(599)));
        CollectionAssert.AreEqual(new[] { 0 }, Dropped(With(300)));
        CollectionAssert.AreEqual(new[] { 0, 3 }, Dropped(With(299)), "What is elsewhere does not help.");
        CollectionAssert.AreEqual(new[] { 0, 3, 4 }, Dropped(With(0)));
        RestorePlan host = With(600) with { FreeMemory = plan.PeakMemory + 440 - 15 };
        CollectionAssert.AreEqual(new[] { 0, 1 }, Dropped(host));
    }

    [TestMethod]
    public void Every_step_down_needs_less_of_what_was_short_and_says_the_truth()
    {
        var random = new Random(5);
        for (int i = 0; i < 40; i++)
        {
            var gpu = new FakeGpu((long)(random.NextDouble() * 6 * Gigabyte) + Gigabyte / 2, tells: false)
            {
                FreeHost = (long)(random.NextDouble() * 4 * Gigabyte),
            };
            var request = Large with
            {
                Width = random.Next(100, 4000),
                Height = random.Next(100, 4000),
                Tile = random.Next(3) == 0 ? 8 * random.Next(20, 200) : null,
                Precision = (RequestPrecision)random.Next(5),
                AllowCpu = random.Next(4) > 0,
                AllowNarrower = random.Next(4) > 0,
            };
            DescendAll(PlannerOf(gpu), request, random, $"case {i}: {request}");
        }
    }

    /// <summary>Executes nothing: memory runs out in each plan, of the GPU's or of the host's.</summary>
    private static void DescendAll(Planner planner, RestoreRequest request, Random random, string text)
    {
        var ladder = new MemoryLadder(planner);
        var ceiling = MemoryCeiling.None;
        JobPlan job = planner.Plan(request);
        for (int step = 0; ; step++)
        {
            Assert.IsLessThan(60, step, text);
            RestorePlan plan = job.Plan;
            bool fitted = plan.Fits, gpu = plan.Compute.Device != "cpu" && random.Next(3) > 0;
            if (fitted)
                ceiling = ceiling.Below(plan, gpu);
            JobPlan? next = ladder.Next(job, ceiling);
            if (next is null)
                return;
            Assert.IsTrue(next.Plan.Fits, text);
            Assert.IsTrue(ceiling.Admits(next.Plan), text);
            if (!fitted && plan.PeakMemory > plan.FreeMemory && next.Plan.Compute.Device == plan.Compute.Device)
                Assert.IsLessThan(plan.PeakMemory, next.Plan.PeakMemory, text);
            if (!fitted && plan.PeakGpuMemory > plan.FreeGpuMemory)
                Assert.IsLessThan(plan.PeakGpuMemory, next.Plan.PeakGpuMemory, text);
            if (fitted && gpu)
                Assert.IsLessThan(plan.PeakGpuMemory, next.Plan.PeakGpuMemory, text);
            if (fitted && !gpu)
                Assert.IsLessThan(plan.PeakMemory, next.Plan.PeakMemory, text);
            // What an engine that starts afresh makes of the request is what was told.
            JobPlan again = planner.Plan(next.Request);
            Assert.AreEqual((next.Plan.UNetTile, next.Plan.Compute), (again.Plan.UNetTile, again.Plan.Compute), text);
            PlanAnswer answer = Planner.Describe(next, loaded: false);
            Assert.AreEqual(next.Plan.UNetTile.Longer, answer.Tile, text);
            foreach (string note in MemoryLadder.Notes(job.Request, next).Where(note => note.Contains("tiles", StringComparison.Ordinal)))
                StringAssert.Contains(
                    note,
                    $" {Math.Max(next.Plan.Restoring.Tiles.Rows.Tile, next.Plan.Restoring.Tiles.Columns.Tile) * next.Plan.Model.Factor} "
                        + "pixels",
                    text
                );
            job = next;
        }
    }

    /// <summary>What an engine does for a job, as far as memory is concerned.</summary>
    private void Execute(FakeGpu gpu, RestorePlan plan)
    {
        _gpus.Raise(plan.Compute.Device, plan.PeakGpuMemory);
        gpu.Own = Math.Max(gpu.Own, plan.PeakGpuMemory);
    }

    private Planner PlannerOf(IMachine machine) => new(
        new() { Pipe = "unused", Home = In("home"), Speeds = new(In("speeds.json")), Machine = machine }, new(new(In("home"))), _gpus);

    private static object Figures(RestorePlan plan) =>
        (plan.Compute, plan.UNetTile, plan.VaeTile, plan.PeakGpuMemory, plan.PeakMemory, plan.ByBands, plan.Fits);
}
