using System.Diagnostics;
using Hypir.Networks;
using Hypir.Training.Degradation;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Training.Benchmarks;

/// <summary>Measures durations and rates.</summary>
internal static class Stopwatches
{
    /// <summary>Repeats an operation on this thread.</summary>
    /// <param name="element">The operation.</param>
    /// <param name="time">Total time; at least three repetitions.</param>
    public static BenchRow Time(BenchElement element, TimeSpan time)
    {
        var times = new List<double>();
        Do(element); // warm-up: JIT compilation and memory allocation
        var before = Environment.CpuUsage.TotalTime;
        for (var total = Stopwatch.StartNew(); times.Count < 3 || total.Elapsed < time;)
        {
            long start = Stopwatch.GetTimestamp();
            Do(element);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        double cpu = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / times.Count;
        times.Sort();
        return new(element.Name, times[0], times[times.Count / 2], cpu, 1000 / times[0]);
    }

    /// <summary>Takes samples until the time is up.</summary>
    /// <param name="name">The name.</param>
    /// <param name="time">Total time.</param>
    /// <param name="take">Takes some samples and returns their number.</param>
    public static BenchRow Rate(string name, TimeSpan time, Func<int> take)
    {
        take();
        long count = 0;
        var before = Environment.CpuUsage.TotalTime;
        var total = Stopwatch.StartNew();
        while (total.Elapsed < time)
            count += take();
        double each = total.Elapsed.TotalMilliseconds / count;
        return new(name, each, each, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / count, 1000 / each);
    }

    private static void Do(BenchElement element)
    {
        using var scope = torch.NewDisposeScope();
        element.Once();
    }
}

/// <summary>
/// The sharpener with a two-dimensional filter, computed like the reference's with one convolution group per plane: the baseline for the
/// separable one.
/// </summary>
internal static class DenseSharpener
{
    /// <summary>As <see cref="UnsharpMask.Apply"/>.</summary>
    public static Tensor Apply(Tensor images, SharpenSettings settings, double[] window)
    {
        var axis = tensor(window);
        var kernel = axis.outer(axis).to(images.dtype);
        var difference = images - Blur(images, kernel);
        var mask = Blur(difference.abs().Times(255).IsAbove(settings.Threshold).to(images.dtype), kernel);
        var sharp = images.Plus(difference.Times(settings.Weight)).ClampInPlace(0, 1);
        return (mask * sharp).Plus(mask.SubtractedFrom(1) * images);
    }

    private static Tensor Blur(Tensor images, Tensor kernel)
    {
        int radius = (int)kernel.shape[0] / 2;
        long planes = images.shape[0] * images.shape[1];
        var padded = Reflection.Pad(images, radius, radius, radius, radius);
        var weights = kernel.expand(planes, 1, kernel.shape[0], kernel.shape[1]);
        return nn
            .functional.conv2d(padded.reshape(1, planes, padded.shape[2], padded.shape[3]), weights, groups: planes)
            .reshape(images.shape);
    }
}
