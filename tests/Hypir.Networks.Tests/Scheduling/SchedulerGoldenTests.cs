using System.Globalization;
using System.Text.Json;
using Hypir.Networks.Scheduling;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Scheduling;

[TestClass]
[TestCategory("Golden")]
public sealed class SchedulerGoldenTests : TensorTest
{
    [TestMethod]
    public void Predicted_originals_equal_the_reference()
    {
        using var golden = new GoldenCase(Goldens.Require("networks", "scheduler.safetensors"));
        int cases = 0;
        foreach (string folder in new[] { "tiny-sd2", "tiny-sd2-v" })
        {
            using var scope = NewDisposeScope();
            (DdpmScheduler scheduler, string type) = Load(Goldens.Require(folder, "scheduler", "scheduler_config.json"));
            Numbers.AssertClose(golden["alphas_cumprod"], tensor(scheduler.AlphasCumprod.ToArray()), 1e-6, "alphas_cumprod");
            foreach (string name in golden.Names($"out.{type}."))
            {
                int t = int.Parse(name[(name.LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture);
                Tensor original = scheduler.PredictOriginal(golden["in.prediction"], golden["in.sample"], t);
                // The schedule is float32 in both programs; its cumulative product may differ in the last bit between processors' vector
                // code.
                Console.WriteLine($"{name}: {Numbers.AssertClose(golden[name], original, 1e-10, name):g3}");
                cases++;
            }
        }

        Assert.AreNotEqual(0, cases, "No case was run.");
    }

    private static (DdpmScheduler Scheduler, string Type) Load(string path)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
        return (
            new DdpmScheduler(SchedulerConfig.Parse(json.RootElement, path)), json.RootElement.GetProperty("prediction_type").GetString()!);
    }
}
