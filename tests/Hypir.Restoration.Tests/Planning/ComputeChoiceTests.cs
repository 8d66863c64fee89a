using Hypir.Planning;
using Hypir.Planning.Machine;

namespace Hypir.Restoration.Tests.Planning;

[TestClass]
public sealed class ComputeChoiceTests
{
    private static readonly MachineFacts NoGpu = new() { Cores = 2, FreeMemory = 1L << 34 };
    private static readonly MachineFacts OldGpu = NoGpu with { Gpus = [new(0, "old", 8L << 30, new(7, 5))] };
    private static readonly MachineFacts TwoGpus = NoGpu with
    {
        Gpus = [new(0, "a", 8L << 30, new(8, 6)), new(1, "b", 8L << 30, new(9, 0))],
    };

    [TestMethod]
    public void A_cpu_computes_in_float32_and_a_GPU_in_what_it_has()
    {
        Assert.AreEqual(new ComputeChoice("cpu", ComputePrecision.Float32, ComputePrecision.Float32), Resolve(new(), NoGpu));
        Assert.AreEqual(new ComputeChoice("cuda:0", ComputePrecision.Bfloat16, ComputePrecision.Bfloat16), Resolve(new(), TwoGpus));
        Assert.AreEqual(new ComputeChoice("cuda:0", ComputePrecision.Float16, ComputePrecision.Float32), Resolve(new(), OldGpu),
            "The VAE leaves float16's range.");
    }

    [TestMethod]
    [DataRow(null, StageKernels.Fast)]
    [DataRow("", StageKernels.Fast)]
    [DataRow("fast", StageKernels.Fast)]
    [DataRow("torch", StageKernels.Torch)]
    public void Kernels_can_be_chosen_for_fast_mode(string? value, StageKernels kernels)
    {
        ComputeChoice choice = Resolve(new(), NoGpu with { Kernels = value });
        Assert.AreEqual((kernels, StageKernels.Torch), (choice.KernelsFor(RestoreMode.Fast), choice.KernelsFor(RestoreMode.Reference)));
    }

    [TestMethod]
    [DataRow("cuda")]
    [DataRow("Torch")]
    [DataRow("fast ")]
    public void Unknown_kernels_are_refused(string value)
    {
        var refused = Assert.ThrowsExactly<UsageException>(() => Resolve(new(), NoGpu with { Kernels = value }));
        StringAssert.Contains(refused.Message, $"HYPIR_KERNELS is \"{value}\"");
        StringAssert.Contains(refused.Message, "torch or fast");
    }

    [TestMethod]
    public void The_person_is_asked_before_the_model_and_the_model_before_the_device()
    {
        var wish = new ModelNeeds { Precision = ComputePrecision.Float32 };
        Assert.AreEqual(ComputePrecision.Float32, ComputeChoice.Resolve(new(), wish, TwoGpus).UNet);
        Assert.AreEqual(
            ComputePrecision.Float64, ComputeChoice.Resolve(new() { Precision = ComputePrecision.Float64 }, wish, TwoGpus).UNet);
    }

    [TestMethod]
    [DataRow("cpu", "cpu")]
    [DataRow("cuda", "cuda:0")]
    [DataRow("cuda:1", "cuda:1")]
    [DataRow("gpu", "cuda:0")]
    public void A_device_can_be_named(string name, string device) =>
        Assert.AreEqual(device, Resolve(new() { Device = name }, TwoGpus).Device);

    [TestMethod]
    [DataRow("gpu:0")]
    [DataRow("webgpu:0")]
    [DataRow("directml")]
    [DataRow("cuda:")]
    [DataRow("cuda:-1")]
    [DataRow("cuda: 1")]
    [DataRow("cuda:2")]
    [DataRow("")]
    public void A_device_that_is_not_there_is_told(string name) =>
        Assert.AreEqual("device", Assert.ThrowsExactly<PlanException>(() => Resolve(new() { Device = name }, TwoGpus)).Option);

    [TestMethod]
    public void A_machine_without_cards_says_so() => Assert.ThrowsExactly<PlanException>(() => Resolve(new() { Device = "cuda" }, NoGpu));

    private static ComputeChoice Resolve(RestoreOptions options, MachineFacts machine) =>
        ComputeChoice.Resolve(options, ModelNeeds.Reference, machine);
}
