using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Hypir.Training.Planning;

/// <summary>A run's plan in words, with a guess of its time.</summary>
internal static class RunEstimate
{
    // Training reaches about this share of what large products of matrices reach, measured with Stable Diffusion 2.1's networks on processors.
    private const double ShareOfPeak = 0.5;

    private const int Side = 1024, Repeats = 4;

    /// <summary>The plan in lines.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="pictures">Pictures of an epoch.</param>
    /// <param name="device">Where it is to be computed.</param>
    /// <param name="freeBytes">Memory that is free there.</param>
    public static IEnumerable<string> Lines(RunPlan plan, int pictures, Device device, long freeBytes)
    {
        var settings = plan.Settings;
        int each = settings.Data.BatchSize * settings.GradientAccumulationSteps * (settings.LambdaGan > 0 ? 2 : 1);
        foreach (string line in plan.Step.Lines())
            yield return line;
        if (plan.PoolBytes > 0)
            yield return $"Shuffle pool of {settings.Data.QueueSize} pairs: {PlanFigures.Memory(plan.PoolBytes)} of the computer's memory";
        yield return $"The run needs about {PlanFigures.Memory(plan.PeakBytes)} on {device}; {PlanFigures.Memory(freeBytes)} are free.";
        yield return string.Create(CultureInfo.InvariantCulture, $"{pictures} pictures; a step sees {each}, so {settings.MaxTrainSteps} steps are {(double)settings.MaxTrainSteps * each / pictures:0.#} epochs.");
        double seconds = plan.StepOperations / (Speed(device) * ShareOfPeak);
        yield return string.Create(CultureInfo.InvariantCulture, $"About {seconds:0.##} s a step, {PlanFigures.Duration(seconds * settings.MaxTrainSteps)} in all, by this machine's speed at products of matrices.");
    }

    private static double Speed(Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor a = ones(Side, Side, device: device), sum = a.mm(a);
        _ = sum[0, 0].item<float>();
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < Repeats; i++)
            sum = a.mm(a);
        _ = sum[0, 0].item<float>(); // a GPU has come to its end only then
        return Repeats * 2.0 * Side * Side * Side / watch.Elapsed.TotalSeconds;
    }
}
