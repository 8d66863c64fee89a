using static TorchSharp.torch;

namespace Hypir.Networks.Scheduling;

/// <summary>
/// The noise schedule of DDPM (Ho et al., 2020), reduced to what this project needs: the original sample implied by a prediction.
/// </summary>
public sealed class DdpmScheduler
{
    private readonly SchedulerConfig _config;
    private readonly float[] _alphasCumprod;
    private readonly float[] _signal;
    private readonly float[] _noise;

    /// <summary>Computes the schedule.</summary>
    public DdpmScheduler(SchedulerConfig config)
    {
        _config = config;
        using var scope = NewDisposeScope();
        Tensor alphas = Schedule(config);
        _alphasCumprod = alphas.data<float>().ToArray();
        _signal = [.. _alphasCumprod.Select(ReferenceRoot.Of)];
        _noise = [.. _alphasCumprod.Select(share => ReferenceRoot.Of(1 - share))];
    }

    /// <summary>
    /// The share of the signal's variance that remains at each timestep. Computed in float32, like the reference: float64 values would
    /// differ by 1e-7 from those used to train every model.
    /// </summary>
    public IReadOnlyList<float> AlphasCumprod => _alphasCumprod;

    /// <summary>The predicted original sample x0 of one step.</summary>
    /// <param name="modelOutput">The UNet's prediction.</param>
    /// <param name="sample">The UNet's input, of the same shape.</param>
    /// <param name="t">Timestep of the formula, 0 … <see cref="SchedulerConfig.NumTrainTimesteps"/> - 1.</param>
    /// <returns>
    /// With a = <see cref="AlphasCumprod"/>[t]: (sample - √(1-a) output) / √a for noise, √a sample - √(1-a) output for velocity, the output
    /// itself for sample prediction; clamped if the configuration says so. Owned by the caller.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The timestep is not in the schedule.</exception>
    public Tensor PredictOriginal(Tensor modelOutput, Tensor sample, int t)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(t);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(t, _alphasCumprod.Length);
        using var scope = NewDisposeScope();
        // float32 scalars, widened afterward: they do not change the tensors' type.
        float signal = _signal[t], noise = _noise[t];
        Tensor original = _config.PredictionType switch
        {
            PredictionType.Epsilon => (sample - modelOutput.Times(noise)).DividedBy(signal),
            PredictionType.Velocity => sample.Times(signal) - modelOutput.Times(noise),
            _ => modelOutput.alias(),
        };
        if (_config.ClipSample)
            original = original.Clamped(-_config.ClipSampleRange, _config.ClipSampleRange);
        return original.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The same for a sample that the UNet received scaled: the result is scaled back and overwrites the UNet's prediction.
    /// </summary>
    /// <param name="modelOutput">The UNet's prediction, which becomes the result.</param>
    /// <param name="sample">The UNet's input divided by the scale; the same shape and type.</param>
    /// <param name="t">Timestep of the formula.</param>
    /// <param name="scale">The factor by which the sample was multiplied.</param>
    /// <returns><paramref name="modelOutput"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timestep is not in the schedule.</exception>
    public Tensor PredictOriginalOver(Tensor modelOutput, Tensor sample, int t, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(t);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(t, _alphasCumprod.Length);
        double signal = _signal[t], noise = _noise[t];
        _ = _config.PredictionType switch
        {
            PredictionType.Epsilon => modelOutput.MultiplyInPlace(-noise / (signal * scale)).AddInPlace(sample, 1 / signal),
            PredictionType.Velocity => modelOutput.MultiplyInPlace(-noise / scale).AddInPlace(sample, signal),
            _ => modelOutput.DivideInPlace(scale),
        };
        return _config.ClipSample
            ? modelOutput.ClampInPlace(-_config.ClipSampleRange / scale, _config.ClipSampleRange / scale)
            : modelOutput;
    }

    private static Tensor Schedule(SchedulerConfig config)
    {
        Tensor betas = config switch
        {
            { TrainedBetas: { } trained } => tensor(trained.Select(b => (float)b).ToArray()),
            { BetaSchedule: "linear" } => linspace(config.BetaStart, config.BetaEnd, config.NumTrainTimesteps, ScalarType.Float32),
            { BetaSchedule: "scaled_linear" } =>
                linspace(Math.Sqrt(config.BetaStart), Math.Sqrt(config.BetaEnd), config.NumTrainTimesteps, ScalarType.Float32).Squared(),
            _ => tensor(Cosine(config.NumTrainTimesteps)),
        };
        if (config.RescaleBetasZeroSnr)
            betas = ZeroTerminalSnr(betas);
        return betas.SubtractedFrom(1).cumprod(0);
    }

    /// <summary>The cosine schedule of Nichol and Dhariwal (2021), each variance capped at 0.999.</summary>
    private static float[] Cosine(int steps)
    {
        return
        [
            .. Enumerable.Range(0, steps).Select(i => (float)Math.Min(1 - Signal((i + 1.0) / steps) / Signal((double)i / steps), 0.999)),
        ];

        static double Signal(double t) => Math.Pow(Math.Cos((t + 0.008) / 1.008 * Math.PI / 2), 2);
    }

    /// <summary>Shifts and scales √a so that it ends at 0 and starts where it did (Lin et al., 2024, algorithm 1).</summary>
    private static Tensor ZeroTerminalSnr(Tensor betas)
    {
        Tensor root = betas.SubtractedFrom(1).cumprod(0).sqrt();
        Tensor first = root[0].clone(), last = root[-1].clone();
        root = (root - last) * (first / (first - last));
        Tensor cumulative = root.Squared();
        Tensor alphas = cat([cumulative[..1], cumulative[1..] / cumulative[..^1]]);
        return alphas.SubtractedFrom(1);
    }
}
