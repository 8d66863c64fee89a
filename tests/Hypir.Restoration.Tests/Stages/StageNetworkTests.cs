using Hypir.Networks;
using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Stages;
using Hypir.Restoration.Tests.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Stages;

/// <summary>What <see cref="IStageNetwork"/> promises holds for every stage, whatever stands behind it.</summary>
[TestClass]
public sealed class StageNetworkTests : TensorTest
{
    private static readonly RestoreOptions Options = new() { Device = "cpu", Tile = 64, Stride = 32, Precision = ComputePrecision.Float32 };

    public static IEnumerable<object[]> Networks() =>
        from kernels in new[] { "torch", "fast" }
        from stage in new[] { RestoreStage.Encoding, RestoreStage.Restoring, RestoreStage.Decoding }
        select new object[] { kernels, stage };

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void A_batch_is_computed_like_its_tiles_which_stay_as_they_are(string kernels, RestoreStage stage) =>
        With(kernels, stage, (network, tiles) =>
        {
            Tensor before = tiles.clone();
            Tensor together = network.Compute(tiles, NetworkRun.Unobserved);
            Assert.IsTrue(before.Equals(tiles), "The tiles were changed.");
            Tensor[] alone = [.. tiles.split(1).Select(tile => network.Compute(tile, NetworkRun.Unobserved))];
            Numbers.AssertClose(cat(alone), together, 1e-5, "batch");
            // The result is the caller's to overwrite: the next one must not be the same memory.
            Tensor kept = together.clone();
            together.zero_();
            Assert.IsTrue(kept.Equals(network.Compute(tiles, NetworkRun.Unobserved)), "The result was not the caller's own.");
        });

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Only_the_result_stays_alive_and_nothing_after_a_cancellation(string kernels, RestoreStage stage) =>
        With(kernels, stage, (network, tiles) =>
        {
            network.Compute(tiles, NetworkRun.Unobserved).Dispose();
            long before = LiveTensors;
            network.Compute(tiles, NetworkRun.Unobserved).Dispose();
            Assert.AreEqual(before, LiveTensors);
            using var source = new CancellationTokenSource();
            var blocks = new List<string>();
            var run = new NetworkRun(
                name =>
                {
                    blocks.Add(name);
                    source.Cancel();
                },
                source.Token);
            Assert.ThrowsExactly<OperationCanceledException>(() => network.Compute(tiles, run));
            Assert.HasCount(1, blocks, "Blocks were computed after the cancellation.");
            Assert.AreEqual(before, LiveTensors);
        });

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void A_wider_network_computes_the_same_and_goes_with_its_owner(string kernels, RestoreStage stage) =>
        With(kernels, stage, (network, tiles) =>
        {
            // What evaluations keep to use again stays with the backend.
            network.Compute(tiles, NetworkRun.Unobserved).Dispose();
            long before = LiveTensors;
            IStageNetwork wider = network.Wider()!;
            Assert.AreSame(wider, network.Wider());
            Assert.AreEqual((ComputePrecision.Float32, ComputePrecision.Float64), (network.Precision, wider.Precision));
            Assert.IsNull(wider.Wider());
            Assert.AreEqual(2 * network.Needs.WeightBytes, wider.Needs.WeightBytes);
            using (NewDisposeScope())
            {
                Tensor narrow = network.Compute(tiles, NetworkRun.Unobserved);
                Numbers.AssertClose(wider.Compute(tiles, NetworkRun.Unobserved), narrow.to(float64), 1e-4, "wider");
            }
            network.Dispose();
            Assert.AreEqual(before, LiveTensors);
        });

    [TestMethod]
    [DataRow("torch")]
    [DataRow("fast")]
    public void The_plan_counts_what_its_networks_need(string kernels)
    {
        RestorePlan plan = PlanOf(kernels);
        StageNeeds[] needs = [.. new[] { RestoreStage.Encoding, RestoreStage.Restoring, RestoreStage.Decoding }
            .Select(stage => StageNeeds.Of(plan, stage))];
        long Part(string name) => plan.Memory.Where(part => part.Name.Contains(name, StringComparison.Ordinal)).Sum(part => part.Bytes);
        Assert.AreEqual(needs.Sum(need => need.WeightBytes), Part("UNet weights") + Part("VAE weights"));
        Assert.AreEqual(needs.Sum(need => need.KernelBytes), Part("transformed kernels"));
        Assert.AreEqual(needs.Sum(need => need.BatchBytes), Part(" in the "));
        Assert.AreEqual(kernels == "fast", Part("transformed kernels") > 0);
    }

    private static RestorePlan PlanOf(string kernels) => RestorePlan.Create(
        100, 64, false, Options, Machine.Nano.ReadFacts(), Machine.Facts with { Kernels = kernels });

    private static void With(string kernels, RestoreStage stage, Action<IStageNetwork, Tensor> check)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        RestorePlan plan = PlanOf(kernels);
        using Restorer restorer = Machine.Load(Machine.Nano, Options, kernels: kernels);
        using IStageNetwork network = restorer.Backend(plan).Open(plan, stage);
        Assert.AreEqual(kernels == "fast", network is KernelStage);
        TileGrid grid = plan.Of(stage).Tiles;
        Assert.AreEqual(0, grid.Rows.Tile % network.Needs.Multiple);
        check(network, rand(2, stage == RestoreStage.Encoding ? 3 : plan.Model.LatentChannels, grid.Rows.Tile, grid.Columns.Tile));
    }
}
