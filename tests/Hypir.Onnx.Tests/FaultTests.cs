using System.Diagnostics;
using System.Text;
using Hypir.Onnx.SelfTests;
using Hypir.Onnx.Sessions;
using Hypir.Onnx.Workers;
using Hypir.Planning;
using Hypir.Restoration.Graphs;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Onnx.Tests;

/// <summary>GPUs, drivers and libraries that fail. The process that computes is real; ONNX Runtime's CPU stands for the GPU.</summary>
[TestClass]
public sealed class FaultTests : TensorTest
{
    private const int Width = 90, Height = 50;

    /// <summary>The job goes on where it is: what the GPU finished stays.</summary>
    [TestMethod]
    public void A_worker_that_is_killed()
    {
        var (plan, image) = (Plan(), Machine.Image(Width, Height));
        RestoreResult actual = Machine.Restore(Machine.Nano, plan.On(Machine.Workers()), image, new Killer());
        StringAssert.Contains(actual.Notes.Single(), "The process that computes on the GPU has ended");
        Assert.IsNull(actual.Speed, "A speed of two devices would mislead plans.");
        Assert.IsLessThanOrEqualTo(1, Machine.Difference(Machine.Restore(Machine.Nano, plan, image), actual));
    }

    [TestMethod]
    public void A_worker_that_is_killed_where_the_CPU_would_take_long()
    {
        RestorePlan plan = Plan().On(Machine.Workers()) with { SecondsOnCpu = 1000 };
        GraphException failure = Assert.ThrowsExactly<GraphException>(
            () => Machine.Restore(Machine.Nano, plan, Machine.Image(Width, Height), new Killer()));
        StringAssert.Contains(failure.Message, "The CPU would take");
        StringAssert.Contains(failure.Remedy, "--device cpu");
    }

    [TestMethod]
    public void Numbers_that_are_not_finite()
    {
        using var scope = NewDisposeScope();
        using var device = new GraphDevice(new LocalGraphs(GraphProvider.Cpu));
        var job = new GraphJob(device, Plan());
        job.Compute(1, _ => zeros(3), () => ones(3));
        Tensor result = job.Compute(1, _ => full(3, float.NaN), () => ones(3));
        Assert.AreEqual(1f, result[0].item<float>());
        StringAssert.Contains(job.Notes.Single(), "not finite");
        var fresh = new GraphJob(device, Plan());
        Assert.ThrowsExactly<GraphException>(
            () => fresh.Compute(1, _ => full(3, float.NaN), () => ones(3)), "A GPU without any result cannot be used.");
    }

    /// <summary>An evaluation ends in the middle, within a process of its own and within this one.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Cancellation(bool workers)
    {
        RestorePlan plan = Machine.OnCpu(Machine.Nano, new(), 512, 512).On(workers ? Machine.Workers() : Machine.Place());
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(() => Machine.Restore(
            Machine.Nano, plan, Machine.Image(512, 512), new Watch(() => cancellation.CancelAfter(50)), cancellation.Token));
    }

    [TestMethod]
    public void A_library_of_another_version()
    {
        using var folder = new TemporaryFolder();
        string library = folder.File("libonnxruntime.so");
        byte[] bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libonnxruntime.so"));
        byte[] version = Encoding.ASCII.GetBytes($"\0{OnnxLibrary.Version}\0");
        for (int at = 0; bytes.AsSpan(at).IndexOf(version) is var next && next >= 0; at += next + 1)
            bytes[at + next + 1] = (byte)'0';
        File.WriteAllBytes(library, bytes);
        StringAssert.Contains(Failure(library), $"is ONNX Runtime 0{OnnxLibrary.Version[1..]}; this program needs {OnnxLibrary.Version}");
    }

    /// <summary>Libraries are loaded by their full path: others of their names, first where the system looks, do not matter.</summary>
    [TestMethod]
    [DataRow("libonnxruntime.so")]
    [DataRow("libonnxruntime.so.1")]
    [DataRow("onnxruntime.so")]
    public void A_wrong_library_first_in_the_path(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Such files are made on Linux only.");
            return;
        }

        using var folder = new TemporaryFolder();
        folder.Write(name, "no library");
        string program = folder.Write(
            "program", $"#!/bin/sh\nLD_LIBRARY_PATH={folder.Path} PATH={folder.Path}:$PATH exec {BuiltProgram.Engine.Path} \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var workers = new GraphWorkers(program, Machine.Library, GraphProvider.Cpu);
        Assert.IsNull(GpuSelfTest.Run(workers, workers, default));
    }

    [TestMethod]
    public void What_is_no_library()
    {
        using var folder = new TemporaryFolder();
        StringAssert.Contains(Failure(folder.Write("libonnxruntime.so", "no library")), "cannot be loaded as ONNX Runtime");
        StringAssert.Contains(Failure(Path.Combine(folder.Path, "none.so")), "cannot be loaded as ONNX Runtime");
    }

    [TestMethod]
    [TestCategory("AnyGpu")]
    [DoNotParallelize]
    public void No_Vulkan_at_all()
    {
        AnyGpu.Require();
        const string Drivers = "VK_ICD_FILENAMES";
        string? before = Environment.GetEnvironmentVariable(Drivers);
        Environment.SetEnvironmentVariable(Drivers, "/nowhere.json");
        try
        {
            StringAssert.Contains(Failure(AnyGpu.Path!, "webgpu:0"), "WebGPU finds no GPU here");
        }
        finally
        {
            Environment.SetEnvironmentVariable(Drivers, before);
        }
    }

    private static RestorePlan Plan() => Machine.OnCpu(Machine.Nano, new() { Tile = 64 }, Width, Height);

    private static string Failure(string library, string device = "cpu")
    {
        RestorePlan plan = Plan().On(Machine.Workers(library), device);
        string message = Assert.ThrowsExactly<GraphException>(
            () => Machine.Restore(Machine.Nano, plan, Machine.Image(Width, Height))).Message;
        Console.WriteLine(message);
        return message;
    }

    /// <summary>Ends the processes that compute, before the second network's second tile.</summary>
    private sealed class Killer : IRestoreObserver
    {
        private int _tiles;

        public void Block(RestoreStage stage, string name)
        {
            if (stage != RestoreStage.Restoring || ++_tiles != 2)
                return;
            foreach (Process worker in Process.GetProcessesByName("hypir").Where(IsOurs))
                worker.Kill();
        }

        public void Rows(string step, int start, Tensor rows)
        {
        }

        /// <summary>The fourth number of the process's state is its parent.</summary>
        private static bool IsOurs(Process process) => File.ReadAllText($"/proc/{process.Id}/stat").Split(')')[^1].Split(' ')[2]
            == Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class Watch(Action entered) : IRestoreObserver
    {
        public void Block(RestoreStage stage, string name) => entered();

        public void Rows(string step, int start, Tensor rows)
        {
        }
    }
}
