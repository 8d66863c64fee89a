using Hypir.Onnx.Networks;
using Hypir.Onnx.Sessions;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;

namespace Hypir.Onnx.Tests;

/// <summary>What "auto" and "gpu" stand for on a machine with GPUs of any vendor.</summary>
[TestClass]
public sealed class DeviceDecisionTests : IDisposable
{
    private const string WebGpu = "webgpu:0", DirectMl = "directml:0";
    private static readonly GpuAdapter Gpu = new("Some GPU", "1.0", 0);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Auto_takes_a_GPU_only_if_it_is_known_to_be_faster()
    {
        Assert.AreEqual("auto", Of("auto"), "Nothing was measured.");
        Assert.AreEqual("auto", Of("auto", On(WebGpu, 5)), "The CPU was not.");
        Assert.AreEqual(WebGpu, Of("auto", On(WebGpu, 5), On("cpu", 4)));
        Assert.AreEqual("auto", Of("auto", On(WebGpu, 4), On("cpu", 5)));
        Assert.AreEqual(DirectMl, Of("auto", On(WebGpu, 5), On("cpu", 4), On(DirectMl, 6)));
        Assert.AreEqual(
            "auto", Of("auto", On(WebGpu, 5) with { Adapter = "Some GPU, driver 0.9" }, On("cpu", 4)), "That was with another driver.");
        Assert.AreEqual("auto", Of("auto", On(WebGpu, 5) with { Model = "another" }, On("cpu", 4)));
        Assert.AreEqual("cpu", Of("cpu", On(WebGpu, 5), On("cpu", 4)));
    }

    [TestMethod]
    public void Gpu_takes_the_fastest_that_passed_its_self_test()
    {
        Assert.AreEqual(WebGpu, Of("gpu"), "The preferred one.");
        Assert.AreEqual(DirectMl, Of("gpu", On(WebGpu, 5), On(DirectMl, 6), On("cpu", 9)));
        Reject(DirectMl);
        Assert.AreEqual(WebGpu, Of("gpu", On(WebGpu, 5), On(DirectMl, 6)));
        Assert.AreEqual("auto", Of("auto", On(DirectMl, 6), On("cpu", 5)));
        Reject(WebGpu);
        Assert.AreEqual("gpu", Of("gpu"), "None is left, as its self-test says.");
    }

    [TestMethod]
    public void What_must_be_measured()
    {
        AssertUnmeasured("auto", [], WebGpu, DirectMl, "cpu");
        AssertUnmeasured("auto", [On(WebGpu, 5), On("cpu", 4)], DirectMl);
        AssertUnmeasured("auto", [On(WebGpu, 5), On(DirectMl, 5), On("cpu", 4)]);
        AssertUnmeasured("gpu", [On(WebGpu, 5)], DirectMl);
        AssertUnmeasured("cpu", []);
        AssertUnmeasured(WebGpu, []);
        Reject(DirectMl);
        AssertUnmeasured("gpu", []);
        AssertUnmeasured("auto", [], WebGpu, "cpu");

        void AssertUnmeasured(string device, MeasuredSpeed[] speeds, params string[] expected) => CollectionAssert.AreEqual(
            expected, DeviceDecision.Unmeasured(new() { Device = device }, Machine.Nano.Facts, Facts(speeds)).ToArray());
    }

    /// <summary>CUDA, another type, and a model without a graph leave nothing to decide.</summary>
    [TestMethod]
    public void Where_there_is_nothing_to_decide()
    {
        MachineFacts facts = Facts([On(WebGpu, 5), On("cpu", 4)]);
        Assert.AreEqual("auto", DeviceDecision.Of(new() { Precision = ComputePrecision.Bfloat16 }, Machine.Nano.Facts, facts));
        Assert.AreEqual("auto", DeviceDecision.Of(new() { Unmerged = true }, Machine.Nano.Facts, facts));
        Assert.AreEqual("auto", DeviceDecision.Of(new(), Machine.Nano.Facts, facts with { Graphs = null }));
        Assert.AreEqual(
            "auto", DeviceDecision.Of(new(), Machine.Nano.Facts, facts with { Gpus = [new(0, "NVIDIA", 1L << 33, new(8, 6))] }));
    }

    /// <summary>Plans follow the decision.</summary>
    [TestMethod]
    public void A_plan_for_auto()
    {
        Assert.AreEqual(WebGpu, Plan(On(WebGpu, 5e9), On("cpu", 4e9)).Compute.Device);
        Assert.AreEqual("cpu", Plan(On(WebGpu, 4e9), On("cpu", 5e9)).Compute.Device);
    }

    /// <summary>What the CPU would take if the GPU fails: as measured with this model, else with the slowest of others.</summary>
    [TestMethod]
    public void The_CPU_s_time_is_estimated_by_what_was_measured()
    {
        RestorePlan none = Plan();
        Assert.AreEqual(none.Operations / (Machine.Facts.Cores * 10e9), none.SecondsOnCpu, 1e-9);
        Assert.AreEqual(none.Operations / 3e9, Plan(Other("a", 3e9), Other("b", 7e9)).SecondsOnCpu, 1e-9);
        Assert.AreEqual(none.Operations / 5e9, Plan(Other("a", 3e9), On("cpu", 5e9)).SecondsOnCpu, 1e-9);

        static MeasuredSpeed Other(string model, double speed) => On("cpu", speed) with { Model = model };
    }

    /// <summary>Each device is measured once.</summary>
    [TestMethod]
    [TestCategory("AnyGpu")]
    [TestCategory("Golden")]
    public void A_trial_on_the_real_GPU()
    {
        AnyGpu.Require();
        ModelSource model = Machine.Compact(_folder);
        var book = new SpeedBook(_folder.File("speeds.json"));
        MachineFacts machine = Machine.Facts with
        {
            Graphs = new(Machine.Workers(), [WebGpu], PlanGraphs.LargestTensor) { Adapters = () => [Gpu] },
        };
        var options = new RestoreOptions { Tile = 48 };
        machine = DeviceTrial.Run(model, null, options, machine, book, default);
        CollectionAssert.AreEquivalent(new[] { WebGpu, "cpu" }, machine.Speeds.Select(speed => speed.Device).ToArray());
        Assert.AreEqual(Gpu.Identity, machine.Speeds.Single(speed => speed.Device == WebGpu).Adapter);
        Assert.AreSame(machine, DeviceTrial.Run(model, null, options, machine, book, default));
    }

    private string Of(string device, params MeasuredSpeed[] speeds) =>
        DeviceDecision.Of(new() { Device = device }, Machine.Nano.Facts, Facts(speeds));

    private RestorePlan Plan(params MeasuredSpeed[] speeds) =>
        RestorePlan.Create(64, 64, false, new() { Device = "auto" }, Machine.Nano.Facts, Facts(speeds));

    private MachineFacts Facts(MeasuredSpeed[] speeds) => Machine.Facts with
    {
        Speeds = speeds,
        Graphs = new(new("library") { Tests = _folder.File("tests.json") }, [WebGpu, DirectMl], PlanGraphs.LargestTensor)
        {
            Version = OnnxLibrary.Version,
            Adapters = () => [Gpu],
        },
    };

    private void Reject(string device) => new GpuTestBook(_folder.File("tests.json")).Remember(
        new(device, Gpu.Identity, OnnxLibrary.Version, "computes wrong numbers"));

    private static MeasuredSpeed On(string device, double speed) => new(
        device, ComputePrecision.Float32, Machine.Nano.Facts.Name, speed, Adapter: device == "cpu" ? null : Gpu.Identity);
}
