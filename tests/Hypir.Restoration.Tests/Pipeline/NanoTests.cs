using Hypir.Imaging;
using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>What the shipped model's GPU promises, on an image that is no photograph and that it never saw.</summary>
[TestClass]
public sealed class NanoTests : TensorTest
{
    private const double Tolerance = 1e-4;

    private static readonly RestoreOptions Options = new() { Device = "cpu" };

    /// <summary>
    /// A model of the same family that another implementation trained and computed; one tile without overlap to others: the noise of its
    /// posterior is PyTorch's, as reference mode draws it.
    /// </summary>
    [TestMethod, TestCategory("Golden")]
    public void A_small_model_gives_the_results_beside_it()
    {
        using var scope = NewDisposeScope();
        string model = Goldens.Require("nano-0");
        using var golden = new GoldenCase(Path.Combine(model, "case.safetensors"));
        int Of(string name) => golden.Case.GetProperty(name).GetInt32();
        var options = new RestoreOptions
        {
            Mode = RestoreMode.Reference,
            Device = "cpu",
            Seed = Of("seed"),
            ModelT = Of("model_t"),
            CoeffT = Of("coeff_t"),
        };
        using var restorer = Machine.Load(ModelFolder.Open(model), options);
        StepRecorder steps = Machine.Run(restorer, golden["in.image"], options, scope);
        foreach (
            (string expected, string step) in new[]
            {
                ("out.z_lq", "vae_encoding"),
                ("out.z", "generator_forward"),
                ("out.image", "vae_decoding"),
            }
        )
            Console.WriteLine($"{step}: {Numbers.AssertClose(golden[expected], steps[step], Tolerance, step):g3}");
    }

    [TestMethod]
    public void Noise_is_taken_out_and_an_undamaged_image_stays_what_it_is()
    {
        using var scope = NewDisposeScope();
        RasterImage file = ImageFile.Load(Path.Combine(Repository.Root, "examples", "still-life", "clean.png"), null, default);
        Tensor clean = tensor(file.Rgb, [file.Height, file.Width, 3]).permute(2, 0, 1).unsqueeze(0).to(ScalarType.Float32) / 255;
        clean = clean.narrow(2, 0, Math.Min(256, file.Height)).narrow(3, 0, Math.Min(256, file.Width));
        Tensor noisy = (clean + randn(clean.shape, generator: new Generator(4)) * (12.0 / 255)).clamp(0, 1);
        using var restorer = Machine.Load(Machine.Nano, Options);
        double before = Decibels(noisy, clean), after = Decibels(Machine.Run(restorer, noisy, Options, scope)["result"], clean);
        double same = Decibels(Machine.Run(restorer, clean, Options, scope)["result"], clean);
        Console.WriteLine($"noise: {before:f2} -> {after:f2} dB; undamaged: {same:f2} dB");
        Assert.IsGreaterThan(before + 3, after);
        // The GPU's 38 dB are for photographs; edges of a rendering are sharper than any that it was trained on.
        Assert.IsGreaterThan(35, same);
    }

    [TestMethod]
    public void It_is_small()
    {
        string[] files = Directory.GetFiles(Machine.Nano.Path, "*", SearchOption.AllDirectories);
        long shipped = files
            .Where(file => !file.StartsWith(Path.Combine(Machine.Nano.Path, "training"), StringComparison.Ordinal))
            .Sum(file => new FileInfo(file).Length);
        Assert.IsLessThan(12_000_000L, shipped);
    }

    private static double Decibels(Tensor image, Tensor truth) => -10 * Math.Log10((image - truth).square().mean().item<float>());
}
