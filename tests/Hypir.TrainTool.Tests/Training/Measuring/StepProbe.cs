using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Libraries;
using Hypir.Networks.Lora;
using Hypir.Networks.Perceptual;
using Hypir.Networks.Scheduling;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Training.Loop;
using Hypir.Training.Planning;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Training.Measuring;

/// <summary>
/// The program that the tests start to measure training steps: its memory is that of the steps alone. It prints its plan, then one report
/// as JSON.
/// </summary>
internal static class StepProbe
{
    public static int Main(string[] arguments)
    {
        if (arguments is not [var name, var batches, ..])
        {
            Console.Error.WriteLine("SHAPE BATCHES [fast]: a name from StepShapes; fast keeps freed memory, as hypir-train does");
            return 2;
        }

        if (arguments.Contains("fast"))
            NativeSettings.Apply();
        else
            NativeSettings.LimitOneDnn();
        TrainingShape shape = StepShapes.Of(name);
        TrainingPlan plan = TrainingPlan.Of(shape);
        foreach (string line in plan.Lines())
            Console.WriteLine(line);
        Console.WriteLine(JsonSerializer.Serialize(Measure(shape, int.Parse(batches, CultureInfo.InvariantCulture))));
        return 0;
    }

    private static StepMeasure Measure(TrainingShape shape, int batches)
    {
        using var scope = NewDisposeScope();
        using RandomWeights unetWeights = new(1), vaeWeights = new(2), towerWeights = new(3), vggWeights = new(4);
        using var unet = new UNet2DConditionModel(shape.UNet, new WeightScope(unetWeights));
        using (var start = new GaussianLora(ShapeRecorder.Record(w => new UNet2DConditionModel(shape.UNet, w)), shape.Rank, seed: 5))
            LoraAttachment.Attach(unet, start, ScalarType.Float32, CPU, trainable: true);
        using var vae = new AutoencoderKL(shape.Vae, new WeightScope(vaeWeights));
        using var tower = new ConvNextTower(shape.Tower!, new WeightScope(towerWeights));
        using var initial = new DecoderInitialWeights(6, ScalarType.Float32, CPU);
        using var decoder = new MultiLevelDecoder(shape.Decoder!, new WeightScope(initial));
        bool perceptual = shape.Settings.Losses.Lpips > 0;
        using Vgg16Features? features = perceptual ? new Vgg16Features(new WeightScope(vggWeights)) : null;
        using Lpips? lpips = features is null ? null : new Lpips(features, new WeightScope(vggWeights));
        var scheduler = new DdpmScheduler(
            new SchedulerConfig
            {
                BetaSchedule = "scaled_linear",
                BetaStart = 0.00085,
                BetaEnd = 0.012,
                ClipSample = false,
            }
        );
        var networks = new DiffusionNetworks(unet, vae, scheduler, new ImageDiscriminator(tower, decoder), lpips);
        using var trainer = new Trainer(networks, shape.Settings);

        var seconds = new List<double>();
        var peaks = new List<long>();
        long live = LiveTensors;
        for (int batch = 0; batch < batches; batch++)
        {
            Reset();
            var clock = Stopwatch.StartNew();
            Step(trainer, networks, shape);
            seconds.Add(clock.Elapsed.TotalSeconds);
            peaks.Add(Peak());
        }

        return new(peaks, seconds, LiveTensors - live);
    }

    private static long LiveTensors => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    private static void Step(Trainer trainer, DiffusionNetworks networks, TrainingShape shape)
    {
        using var scope = NewDisposeScope();
        Tensor clean = rand(shape.Batch, 3, shape.Height, shape.Width),
            text = randn(shape.Batch, shape.Tokens, shape.UNet.CrossAttentionDim);
        Tensor noise = randn(shape.Batch, shape.Vae.LatentChannels, shape.Height / shape.Vae.Factor, shape.Width / shape.Vae.Factor);
        using PreparedBatch batch = PreparedBatch.Make(networks, clean, clean * 0.9, text, noise, ScalarType.Float32);
        foreach (StepReport report in trainer.Step(batch))
        {
            string losses = string.Join(' ', report.Losses.Select(loss => $"{loss.Key} {loss.Value:g5}"));
            Console.WriteLine(
                FormattableString.Invariant(
                    $"{report.Side}: {losses}, norm {report.GradientNorm:g5}, skipped {report.Skipped}, peak {Peak() >> 20} MiB")
            );
        }
    }

    /// <summary>The system's record of the largest resident memory begins anew (Linux).</summary>
    private static void Reset()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
