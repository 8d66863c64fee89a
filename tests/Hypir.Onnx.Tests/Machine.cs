using Hypir.Imaging;
using Hypir.Networks.Models;
using Hypir.Onnx.Networks;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;

namespace Hypir.Onnx.Tests;

/// <summary>A machine whose networks are evaluated as graphs, and images to restore on it.</summary>
internal static class Machine
{
    /// <summary>A machine with memory enough, whose GPU binds tensors of any size.</summary>
    public static MachineFacts Facts { get; } = new() { Cores = 2, FreeMemory = 64L << 30, Graphs = Graphs(long.MaxValue) };

    /// <summary>The library that the tests name, or the package's own, which computes on the CPU.</summary>
    public static string Library => AnyGpu.Path ?? Path.Combine(AppContext.BaseDirectory, "libonnxruntime.so");

    /// <summary>The model that ships.</summary>
    public static ModelSource Nano { get; } = ModelSource.Of(ModelFolder.Open(NanoModel.Folder));

    /// <summary>GPUs of any vendor that bind tensors of so many elements.</summary>
    public static GraphFacts Graphs(long limit) => new(Place() with { Limit = limit }, ["webgpu:0"], PlanGraphs.LargestTensor);

    /// <summary>Graphs in this process.</summary>
    public static GraphPlace Place() => new(Library) { Limit = long.MaxValue };

    /// <summary>Graphs in other processes.</summary>
    public static GraphPlace Workers(string? library = null) => new(library ?? Library, BuiltProgram.Engine.Path) { Limit = long.MaxValue };

    /// <summary>A small network of the goldens, under its own name.</summary>
    public static ModelSource SinglePass(TemporaryFolder folder, string name)
    {
        string copy = folder.File($"{name}.pth");
        File.Copy(Goldens.Require("single-pass", $"{name}.pth"), copy);
        return ModelSource.Open(copy);
    }

    /// <summary>A small network that enlarges twice.</summary>
    public static ModelSource Compact(TemporaryFolder folder) => SinglePass(folder, "compact-x2");

    /// <summary>A plan for torch on the CPU.</summary>
    public static RestorePlan OnCpu(ModelSource model, RestoreOptions options, int width, int height) =>
        RestorePlan.Create(width, height, false, options with { Device = "cpu" }, model.Facts, Facts);

    /// <summary>The same plan with graphs; the CPU computes them unless a GPU is named.</summary>
    public static RestorePlan On(this RestorePlan plan, GraphPlace place, string device = "cpu") => plan with
    {
        Compute = plan.Compute with { Device = device, Graphs = place },
        Restoring = plan.Restoring with { TilesPerBatch = 1 },
    };

    /// <summary>Restores an image.</summary>
    public static RestoreResult Restore(
        ModelSource model, RestorePlan plan, RasterImage image, IRestoreObserver? observer = null, CancellationToken cancellation = default)
    {
        using Restorer restorer = Restorer.Load(model, plan.Compute, false, null, TimeProvider.System, cancellation);
        return restorer.Restore(image, plan, null, observer, cancellation);
    }

    /// <summary>A smooth image with grain.</summary>
    public static RasterImage Image(int width, int height)
    {
        var random = new Random(1);
        byte[] samples = [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(
            128 + 60 * Math.Sin(i / 3 % width / 9.0 + i % 3) + 40 * Math.Cos(i / 3 / width / 7.0) + random.Next(-12, 13)))];
        return new(width, height, 8, samples, null);
    }

    /// <summary>The largest difference of two images, in levels.</summary>
    public static int Difference(RestoreResult a, RestoreResult b) =>
        a.Image.Rgb.Zip(b.Image.Rgb, (x, y) => Math.Abs(x - y)).Max();
}
