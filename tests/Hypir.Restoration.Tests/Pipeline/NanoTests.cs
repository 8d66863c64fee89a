using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class NanoTests : TensorTest
{
    [TestMethod]
    public void The_shipped_model_gives_the_results_beside_it()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Path.Combine(Repository.Root, "models", "nano", "case.safetensors"));
        Tensor image = golden["in.image"];
        Console.WriteLine($"in {image.min().item<float>()}..{image.max().item<float>()} out {golden["out.image"].min().item<float>()} {golden["out.image"].max().item<float>()}");
        var options = new RestoreOptions { Mode = RestoreMode.Reference, Device = "cpu", Seed = golden.Case.GetProperty("seed").GetInt64() };
        RestorePlan plan = Machine.Plan(Machine.Nano, options, (int)image.shape[3], (int)image.shape[2]);
        var steps = new StepRecorder(scope);
        using var restorer = Machine.Load(Machine.Nano, options);
        restorer.Run(new TensorSource(image), plan, steps, new JobWatch(new ProgressMeter(plan, null, TimeProvider.System), steps, default));
        foreach (var (a, b) in new[] { ("out.z_lq", "vae_encoding"), ("out.z", "generator_forward"), ("out.image", "vae_decoding"), ("out.image", "before_colour_fix"), ("out.image", "result") })
            Console.WriteLine($"{a} {b} {Numbers.RelativeError(golden[a], steps[b])}");
    }
}
