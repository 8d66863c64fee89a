using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class NonFiniteTests : TensorTest
{
    private static readonly RestoreOptions Options = new() { Device = "cpu", Tile = 64, Stride = 32 };

    /// <summary>
    /// The first convolution and a shortcut after it are made 10^20 times as large: together they leave float32's range and stay in
    /// float64's, and the normalisations that follow take the factor out again.
    /// </summary>
    [TestMethod]
    [DataRow("vae", "encoder.")]
    [DataRow("unet", "")]
    [DataRow("vae", "decoder.")]
    public void Tiles_that_overflow_are_computed_again_in_float64_and_told(string network, string part)
    {
        using var scope = NewDisposeScope();
        Tensor image = rand(1, 3, 64, 80);
        RestoreOptions wide = Options with { Precision = ComputePrecision.Float64 };
        using var narrowRestorer = Load(Options, network, part);
        using var wideRestorer = Load(wide, network, part);
        (Tensor result, IReadOnlyList<string> notes) = Run(narrowRestorer, image, Options, scope);
        (Tensor expected, IReadOnlyList<string> none) = Run(wideRestorer, image.to(float64), wide, scope);
        Assert.AreEqual(1, notes.Count, string.Join('\n', notes));
        StringAssert.Contains(notes[0], "float64");
        StringAssert.Contains(notes[0], "2 tiles");
        Assert.AreEqual(0, none.Count);
        Numbers.AssertClose(expected, result, 1e-4, "result");
    }

    [TestMethod]
    public void Adapters_beside_the_layers_are_in_the_wider_copy()
    {
        using var scope = NewDisposeScope();
        Tensor image = rand(1, 3, 64, 64);
        RestoreOptions unmerged = Options with { Unmerged = true };
        using var restorer = Load(unmerged, "unet", "");
        using var merged = Load(Options, "unet", "");
        (Tensor result, IReadOnlyList<string> notes) = Run(restorer, image, unmerged, scope);
        (Tensor expected, _) = Run(merged, image, Options, scope);
        Assert.AreEqual(1, notes.Count);
        Numbers.AssertClose(expected, result, 1e-4, "unmerged");
    }

    [TestMethod]
    public void A_model_that_never_gives_numbers_fails_clearly_and_leaves_nothing()
    {
        using var scope = NewDisposeScope();
        using var restorer = Machine.Load(Machine.Nano, Options);
        using (no_grad())
            restorer.Model.UNet.named_parameters().First(entry => entry.name == "conv_out.bias").parameter.fill_(float.NaN);
        // The prompt's embedding stays cached: it is made before the count.
        using (var inner = NewDisposeScope())
            Assert.ThrowsExactly<RestoreException>(() => Run(restorer, rand(1, 3, 64, 64), Options, inner));
        long before = LiveTensors;
        using (var inner = NewDisposeScope())
        {
            var error = Assert.ThrowsExactly<RestoreException>(() => Run(restorer, rand(1, 3, 64, 64), Options, inner));
            StringAssert.Contains(error.Message, "UNet");
            Assert.IsNotNull(error.Remedy);
        }
        Assert.AreEqual(before, LiveTensors);
    }

    private static (Tensor Result, IReadOnlyList<string> Notes) Run(
        Restorer restorer, Tensor image, RestoreOptions options, DisposeScope owner)
    {
        RestorePlan plan = RestorePlan.Create((int)image.shape[3], (int)image.shape[2], false, options, restorer.Facts, Machine.Facts);
        var steps = new StepRecorder(owner);
        var notes = restorer.Run(
            new TensorSource(image), plan, steps, new JobWatch(new ProgressMeter(plan, null, TimeProvider.System), steps, default));
        return (steps["result"], notes);
    }

    private static Restorer Load(RestoreOptions options, string network, string part)
    {
        Restorer restorer = Machine.Load(Machine.Tiny(), options, Machine.TinyLora());
        nn.Module module = network == "vae" ? restorer.Model.Vae : restorer.Model.UNet;
        string[] layers = [part + "conv_in", Layer(module, part, ".conv_shortcut")];
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        foreach ((_, Parameter parameter) in module.named_parameters().Where(entry => layers.Any(layer =>
            entry.name.StartsWith(layer + ".", StringComparison.Ordinal) && !entry.name.Contains("lora_A", StringComparison.Ordinal))))
            parameter.mul_(1e20);
        return restorer;
    }

    private static string Layer(nn.Module module, string part, string suffix) =>
        module
            .named_modules()
            .First(entry => entry.name.StartsWith(part, StringComparison.Ordinal) && entry.name.EndsWith(suffix, StringComparison.Ordinal))
            .name;
}
