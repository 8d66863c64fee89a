using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Hypir.Networks.Scheduling;
using Hypir.Networks.Vae;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Scheduling;

/// <summary>
/// The formulas around the networks in float32, as they run on a CPU, against the same in plain float64 numbers: the original sample of
/// each kind of prediction, and the sample of the VAE's posterior. Counts fill the library's vectors and leave tails.
/// </summary>
[TestClass]
public sealed class Float32FormulaTests : TensorTest
{
    private const string Schedule = "\"beta_schedule\": \"scaled_linear\", \"beta_start\": 0.00085, \"beta_end\": 0.012";

    public static IEnumerable<object[]> Cases() =>
        from kind in new[] { "epsilon", "v_prediction", "sample" }
        from range in new[] { 0, 1.25 }
        from t in new[] { 0, 200, 611, 999 }
        select new object[] { kind, range, t };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Predicted_originals(string kind, double range, int t)
    {
        const double scale = 0.18215;
        using var scope = NewDisposeScope();
        using var generator = new Generator(8);
        DdpmScheduler scheduler = Load(kind, range);
        foreach (int width in new[] { 1, 16, 37 })
        {
            Tensor prediction = randn([1, 4, 3, width], generator: generator), sample = randn([1, 4, 3, width], generator: generator);
            double[] outputs = Wide(prediction), samples = Wide(sample);
            Compare(kind, range, t, outputs, samples, scheduler.PredictOriginal(prediction, sample, t), $"{width} columns");

            // Over a scale: the sample that the formula takes is the latent times the scale, and the result goes back.
            double[] enlarged = [.. samples.Select(value => value * scale)];
            Tensor over = scheduler.PredictOriginalOver(prediction.clone(), sample, t, scale);
            Compare(kind, range, t, outputs, enlarged, over, $"{width} columns over a scale", 1 / scale);
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(16)]
    [DataRow(37)]
    public void Samples_of_the_posterior(int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(9);
        const int channels = 4, height = 3;
        // Logarithms of variances on both sides of both limits, -30 and 20; the largest samples are e^10 times the noise.
        long[] shape = [1, channels, height, width];
        Tensor moments = randn([1, 2 * channels, height, width], generator: generator), noise = randn(shape, generator: generator);
        moments.narrow(1, channels, channels).mul_(14);
        double[] numbers = Wide(moments), drawn = Wide(noise);
        Assert.IsTrue(width == 1 || numbers[drawn.Length..].Any(value => value < -30) && numbers[drawn.Length..].Any(value => value > 20));
        double[] exact = new double[drawn.Length];
        float[] plain = new float[drawn.Length];
        for (int i = 0; i < exact.Length; i++)
        {
            double logarithm = Math.Clamp(numbers[exact.Length + i], -30, 20);
            exact[i] = numbers[i] + Math.Sqrt(Math.Exp(logarithm)) * drawn[i];
            plain[i] = (float)numbers[i] + MathF.Sqrt(MathF.Exp((float)logarithm)) * (float)drawn[i];
        }

        Tensor wide = tensor(exact, shape), narrow = tensor(plain, shape);
        Float32Errors.Compare(wide, narrow, Posterior.Sample(moments, noise), "sample");
        Float32Errors.Compare(wide, narrow, Posterior.SampleOver(moments.clone(), noise), "sample over the moments");
    }

    private static void Compare(
        string kind, double range, int t, double[] outputs, double[] samples, Tensor actual, string what, double factor = 1)
    {
        double share = Share(t), limit = range > 0 ? range : double.PositiveInfinity;
        double[] exact = [.. outputs.Zip(samples, (output, sample) => factor * Original(kind, output, sample, share, limit))];
        float[] plain = [.. outputs.Zip(samples, (output, sample) =>
            (float)factor * Original(kind, (float)output, (float)sample, (float)share, (float)limit))];
        Float32Errors.Compare(tensor(exact, actual.shape), tensor(plain, actual.shape), actual, $"{kind} at {t}, {what}");
    }

    private static T Original<T>(string kind, T output, T sample, T share, T limit)
        where T : IFloatingPointIeee754<T>
    {
        T signal = T.Sqrt(share), noise = T.Sqrt(T.One - share);
        T original = kind switch
        {
            "epsilon" => (sample - noise * output) / signal,
            "v_prediction" => signal * sample - noise * output,
            _ => output,
        };
        return T.Clamp(original, -limit, limit);
    }

    /// <summary>
    /// The signal's share of the variance at a timestep, in float64 throughout: the product's float32 schedule is a part of what is
    /// compared.
    /// </summary>
    private static double Share(int t)
    {
        double first = Math.Sqrt(0.00085), last = Math.Sqrt(0.012);
        return Enumerable.Range(0, t + 1).Aggregate(1.0, (share, i) => share * (1 - Math.Pow(first + (last - first) * i / 999, 2)));
    }

    private static double[] Wide(Tensor x) => [.. x.data<float>().Select(value => (double)value)];

    private static DdpmScheduler Load(string kind, double range)
    {
        string clip = range > 0 ? string.Create(CultureInfo.InvariantCulture, $"true, \"clip_sample_range\": {range}") : "false";
        using JsonDocument json = JsonDocument.Parse($$"""{"prediction_type": "{{kind}}", {{Schedule}}, "clip_sample": {{clip}}}""");
        return new(SchedulerConfig.Parse(json.RootElement, "scheduler_config.json"));
    }
}
