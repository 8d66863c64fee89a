using System.Buffers.Binary;
using System.Text;
using Hypir.Onnx.Adapters;
using Hypir.Onnx.Networks;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Testing;

namespace Hypir.Onnx.Tests;

/// <summary>The machine's GPUs, and what follows from them.</summary>
[TestClass]
public sealed class AdapterTests
{
    private static readonly GpuAdapter Small = new("Small", "1.0", 0) { BindingLimit = 256L << 20 };
    private static readonly GpuAdapter Large = new("Large", "2.0", 8L << 30) { BindingLimit = uint.MaxValue };

    /// <summary>The places of the numbers are those of Vulkan's headers.</summary>
    [TestMethod]
    public void What_Vulkan_tells()
    {
        byte[] properties = new byte[1024], memory = new byte[1024];
        Number(properties, 4, 550u << 22 | 54u << 14 | 14u << 6);
        Number(properties, 8, 0x10de);
        Number(properties, 16, 2);
        Encoding.UTF8.GetBytes("Some GPU").CopyTo(properties, 20);
        Number(properties, 324, 1u << 30);
        Number(memory, 260, 3);
        foreach ((int heap, long size, uint flags) in new[] { (0, 16L << 30, 0u), (1, 8L << 30, 1u), (2, 256L << 20, 1u) })
        {
            BinaryPrimitives.WriteInt64LittleEndian(memory.AsSpan(264 + heap * 16), size);
            Number(memory, 264 + heap * 16 + 8, flags);
        }

        Assert.AreEqual(
            new GpuAdapter("Some GPU", "550.54.14", 8L << 30) { BindingLimit = 1L << 30 }, VulkanAdapters.Read(properties, memory));
        Number(properties, 8, 0x1002);
        Number(properties, 4, 2u << 22 | 3u << 12 | 4);
        Number(properties, 16, 4);
        GpuAdapter other = VulkanAdapters.Read(properties, memory);
        Assert.AreEqual("2.3.4", other.Driver);
        Assert.IsTrue(other.IsSoftware);
    }

    /// <summary>WebGPU does not say which GPU it took, so the least of them decides; one that is not known decides nothing.</summary>
    [TestMethod]
    public void What_GPUs_bind_decides_the_limit()
    {
        Assert.AreEqual(64L << 20, Facts(Small, Large).PlaceOf("webgpu:0").Limit);
        Assert.AreEqual(1L << 29, Facts(Large).PlaceOf("webgpu:0").Limit, "2 GiB at most.");
        Assert.AreEqual(GraphPlace.LeastBinding / 4, Facts(Large, Large with { BindingLimit = null }).PlaceOf("webgpu:0").Limit);
        Assert.AreEqual(GraphPlace.LeastBinding / 4, Facts().PlaceOf("webgpu:0").Limit);
        Assert.AreEqual(1L << 29, Facts(Small, Large).PlaceOf("directml:1").Limit, "DirectML names one.");
        Assert.AreEqual("Large, driver 2.0", Facts(Small, Large).PlaceOf("directml:1").Adapter);
        Assert.AreEqual("Small, driver 1.0; Large, driver 2.0", Facts(Small, Large).PlaceOf("webgpu:0").Adapter);
    }

    [TestMethod]
    public void A_plan_takes_the_adapter_s_limit()
    {
        const long Least = 1L << 22;
        RestorePlan small = Plan(), large = Plan(Large);
        Assert.AreEqual(1L << 29, large.Compute.Graphs!.Limit);
        Assert.IsGreaterThan(Least, PlanGraphs.LargestTensor(large));
        Assert.IsLessThanOrEqualTo(Least, PlanGraphs.LargestTensor(small));

        static RestorePlan Plan(params GpuAdapter[] adapters)
        {
            GraphFacts facts = Facts(adapters);
            return RestorePlan.Create(
                2000, 2000, false, new() { Device = "webgpu:0" }, Machine.Nano.Facts,
                Machine.Facts with { Graphs = facts with { Place = facts.Place with { Limit = Least } } });
        }
    }

    [TestMethod]
    [TestCategory("AnyGpu")]
    public void The_real_GPU_is_listed()
    {
        AnyGpu.Require();
        IReadOnlyList<GpuAdapter> found = AdapterProgram.Ask(BuiltProgram.Engine.Path);
        foreach (GpuAdapter adapter in found)
            Console.WriteLine(adapter);
        Assert.IsNotEmpty(found);
        Assert.IsTrue(found.All(adapter => adapter.Name.Length > 0 && adapter.BindingLimit >= GraphPlace.LeastBinding));
    }

    private static GraphFacts Facts(params GpuAdapter[] adapters) =>
        new(new("library"), ["webgpu:0", "directml:0", "directml:1"], PlanGraphs.LargestTensor) { Adapters = () => adapters };

    private static void Number(byte[] bytes, int at, uint number) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), number);
}
