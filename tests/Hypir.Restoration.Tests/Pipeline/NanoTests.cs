using Hypir.Restoration.Planning;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class NanoTests : TensorTest
{
    private const double Tolerance = 1e-4;

    /// <summary>One tile without overlap to others: the noise of its posterior is PyTorch's, as reference mode draws it.</summary>
    [TestMethod]
    public void The_shipped_model_gives_the_results_beside_it()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Path.Combine(Machine.Nano.Path, "case.safetensors"));
        int Of(string name) => golden.Case.GetProperty(name).GetInt32();
        var options = new RestoreOptions { Mode = RestoreMode.Reference, Device = "cpu", Seed = Of("seed"), ModelT = Of("model_t"), CoeffT = Of("coeff_t") };
        using var restorer = Machine.Load(Machine.Nano, options);
        StepRecorder steps = Machine.Run(restorer, golden["in.image"], options, scope);
        foreach ((string expected, string step) in new[] { ("out.z_lq", "vae_encoding"), ("out.z", "generator_forward"), ("out.image", "vae_decoding") })
            Console.WriteLine($"{step}: {Numbers.AssertClose(golden[expected], steps[step], Tolerance, step):g3}");
    }
}
