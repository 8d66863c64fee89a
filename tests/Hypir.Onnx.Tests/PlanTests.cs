using Hypir.Onnx.Networks;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;

namespace Hypir.Onnx.Tests;

/// <summary>Plans for GPUs of any vendor.</summary>
[TestClass]
public sealed class PlanTests
{
    /// <summary>A GPU that binds less gets smaller tiles; one that binds next to nothing is refused.</summary>
    [TestMethod]
    public void The_limit_decides_the_tile()
    {
        RestorePlan large = Plan(Machine.Nano, 1L << 40), small = Plan(Machine.Nano, 1L << 22);
        Assert.IsGreaterThan(1L << 22, PlanGraphs.LargestTensor(large));
        Assert.IsLessThanOrEqualTo(1L << 22, PlanGraphs.LargestTensor(small));
        Assert.IsLessThan(large.VaeTile.Longer, small.VaeTile.Longer);
        PlanException refused = Assert.ThrowsExactly<PlanException>(() => Plan(Machine.Nano, 1000));
        StringAssert.Contains(refused.Message, "webgpu:0 can bind");
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void Single_pass_networks_too()
    {
        using var folder = new TemporaryFolder();
        ModelSource model = Machine.Compact(folder);
        Assert.IsLessThanOrEqualTo(1L << 22, PlanGraphs.LargestTensor(Plan(model, 1L << 22)));
        Assert.IsLessThan(Plan(model, 1L << 40).UNetTile.Longer, Plan(model, 1L << 22).UNetTile.Longer);
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void A_network_without_a_graph_is_named()
    {
        using var folder = new TemporaryFolder();
        PlanException refused = Assert.ThrowsExactly<PlanException>(
            () => Plan(Machine.SinglePass(folder, "realplksr-dysample-x4"), long.MaxValue, 64));
        StringAssert.StartsWith(refused.Message, "realplksr-dysample-x4 (");
        StringAssert.Contains(refused.Message, "webgpu:0 cannot compute it");
        StringAssert.Contains(refused.Remedy, "--device cpu");
    }

    private static RestorePlan Plan(ModelSource model, long limit, int side = 2000) => RestorePlan.Create(
        side, side, false, new() { Device = "webgpu:0" }, model.Facts, Machine.Facts with { Graphs = Machine.Graphs(limit) });
}
