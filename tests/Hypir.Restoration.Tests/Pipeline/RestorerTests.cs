using Hypir.Imaging;
using Hypir.Imaging.Color;
using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Stages;
using Hypir.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class RestorerTests : TensorTest
{
    private static readonly RestoreOptions Small = new() { Device = "cpu", Tile = 64, Stride = 48 };

    [TestMethod]
    [DataRow(8, 1.0)]
    [DataRow(16, 0.5)]
    public void A_gray_image_stays_gray(int bits, double strength)
    {
        RasterImage noise = Images.Random(40, 30, bits);
        byte[] samples = [.. noise.Rgb];
        Neutral.Apply(samples, bits);
        var gray = new RasterImage(40, 30, bits, samples);
        Assert.IsTrue(Neutral.Holds(gray) && !Neutral.Holds(noise));
        RestoreOptions options = new() { Device = "cpu", Strength = strength };
        using var restorer = Machine.Load(Machine.Nano, options);
        RasterImage result = restorer.Restore(gray, Machine.Plan(Machine.Nano, options, 40, 30)).Image;
        Assert.IsTrue(Neutral.Holds(result));
        Assert.IsFalse(result.Rgb.SequenceEqual(samples), "It was restored.");
        Assert.IsFalse(Neutral.Holds(restorer.Restore(noise, Machine.Plan(Machine.Nano, options, 40, 30)).Image));
    }

    [TestMethod, TestCategory("Golden")]
    public void A_prompt_that_is_cut_is_reported()
    {
        RestoreOptions options = new() { Device = "cpu", Prompt = string.Join(' ', Enumerable.Repeat("a", 76)) };
        ModelFolder tiny = Machine.Tiny();
        using var restorer = Machine.Load(tiny, options, Machine.TinyLora());
        string note = restorer.Restore(Images.Random(16, 16, 8), Machine.Plan(tiny, options, 16, 16)).Notes.Single();
        StringAssert.Contains(note, "reads 75 tokens, and the prompt has 76");
        options = options with { Prompt = options.Prompt[2..] };
        Assert.IsEmpty(restorer.Restore(Images.Random(16, 16, 8), Machine.Plan(tiny, options, 16, 16)).Notes);
    }

    [TestMethod]
    [DataRow(8, RestoreMode.Fast)]
    [DataRow(16, RestoreMode.Fast)]
    [DataRow(8, RestoreMode.Reference)]
    [DataRow(16, RestoreMode.Reference)]
    public void A_strength_of_0_gives_the_input_back(int bits, RestoreMode mode)
    {
        RasterImage input = Images.Random(101, 67, bits, alpha: true);
        RasterImage output = Restore(input, Small with { Strength = 0, Mode = mode }).Image;
        CollectionAssert.AreEqual(input.Rgb, output.Rgb);
        CollectionAssert.AreEqual(input.Alpha, output.Alpha);
        Assert.AreEqual(bits, output.BitsPerSample);
        Assert.AreSame(input.Metadata, output.Metadata);
    }

    /// <summary>In each sample: what a dialog blends of finished results must be what the command gives.</summary>
    [TestMethod]
    [DataRow(8, 1.0, RestoreMode.Fast)]
    [DataRow(8, 1.5, RestoreMode.Fast)]
    [DataRow(16, 1.5, RestoreMode.Fast)]
    [DataRow(16, 1.0, RestoreMode.Reference)]
    public void Strength_blends_the_finished_result_with_the_finished_scaled_input(int bits, double upscale, RestoreMode mode)
    {
        RasterImage input = Images.Random(90, 70, bits, alpha: true);
        using var restorer = Machine.Load(Machine.Nano, Small);
        RasterImage Run(double strength) =>
            Restore(restorer, input, Small with { Upscale = upscale, Mode = mode, Strength = strength }).Image;
        (RasterImage none, RasterImage full) = (Run(0), Run(1));
        foreach (double strength in (double[])[0.37, 0.5])
        {
            RasterImage part = Run(strength);
            for (int i = 0; i < none.Rgb.Length; i += bits / 8)
            {
                int Sample(RasterImage of) => bits == 8 ? of.Rgb[i] : BitConverter.ToUInt16(of.Rgb, i);
                decimal mix = Sample(none) * (1 - (decimal)strength) + Sample(full) * (decimal)strength;
                Assert.AreEqual((int)Math.Round(mix, MidpointRounding.AwayFromZero), Sample(part), $"Sample {i} at {strength}");
            }
            CollectionAssert.AreEqual(full.Alpha, part.Alpha);
        }
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 150)]
    [DataRow(100, 80)]
    [DataRow(67, 131)]
    public void Images_of_any_size_keep_it(int width, int height)
    {
        RasterImage input = Images.Random(width, height, 8);
        RestoreResult result = Restore(input, Small);
        Assert.AreEqual((width, height), (result.Image.Width, result.Image.Height));
        Assert.AreEqual(0, result.Notes.Count);
        Assert.IsNotNull(result.Speed);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(30, 20)]
    public void Images_that_are_enlarged_for_the_model_keep_their_size(int width, int height)
    {
        using var restorer = Machine.Load(Machine.Tiny(), Small);
        RestorePlan plan = Machine.Plan(Machine.Tiny(), Small, width, height);
        Assert.AreEqual(Small.Tile, plan.Sizes.Working.Shorter);
        RasterImage output = restorer.Restore(Images.Random(width, height, 8), plan).Image;
        Assert.AreEqual((width, height), (output.Width, output.Height));
    }

    [TestMethod]
    public void Fast_mode_continues_images_by_reflection_and_the_reference_by_gray()
    {
        using var scope = NewDisposeScope();
        Tensor image = Random(1, 3, 53, 59);
        using var restorer = Machine.Load(Machine.Nano, Small);
        foreach ((RestoreMode mode, Tensor continued) in new[]
        {
            (RestoreMode.Fast, nn.functional.pad(image, (0, 5, 0, 3), PaddingModes.Reflect)),
            (RestoreMode.Reference, nn.functional.pad(image, (0, 5, 0, 3), PaddingModes.Constant, 0.5)),
        })
        {
            RestoreOptions options = Small with { Mode = mode };
            Tensor latent = Machine.Run(restorer, image, options, scope)["vae_encoding"];
            Assert.IsTrue(Machine.Run(restorer, continued, options, scope)["vae_encoding"].Equals(latent), $"{mode}");
        }
    }

    [TestMethod]
    public void Fast_mode_rounds_and_the_reference_truncates()
    {
        using var scope = NewDisposeScope();
        RasterImage input = Images.Random(40, 32, 8);
        using var restorer = Machine.Load(Machine.Nano, Small);
        foreach (RestoreMode mode in new[] { RestoreMode.Fast, RestoreMode.Reference })
        {
            RestoreOptions options = Small with { Mode = mode };
            Tensor image = ImageTensors.Read(input.Rgb, 40, 3, 8, new(0, 32, 0, 40), float32);
            Tensor values = (Machine.Run(restorer, image, options, scope)["result"] * 255).clamp(0, 255);
            Tensor expected = (mode == RestoreMode.Fast ? values.round() : values.floor())
                .squeeze(0)
                .permute(1, 2, 0)
                .to(uint8)
                .contiguous();
            CollectionAssert.AreEqual(expected.bytes.ToArray(), Restore(restorer, input, options).Image.Rgb, $"{mode}");
        }
    }

    [TestMethod]
    public void Two_runs_give_equal_bytes()
    {
        RasterImage input = Images.Random(150, 110, 8);
        using var restorer = Machine.Load(Machine.Nano, Small);
        byte[] first = Restore(restorer, input, Small).Image.Rgb;
        CollectionAssert.AreEqual(first, Restore(restorer, input, Small).Image.Rgb);
        using var another = Machine.Load(Machine.Nano, Small);
        CollectionAssert.AreEqual(first, Restore(another, input, Small).Image.Rgb);
        CollectionAssert.AreNotEqual(first, Restore(another, input, Small with { Seed = 232 }).Image.Rgb);
    }

    /// <summary>Noise by position: what tiling changes is the context that a tile's network sees, not the noise.</summary>
    [TestMethod]
    public void Tiling_hardly_changes_the_result()
    {
        using var scope = NewDisposeScope();
        Tensor image = Random(1, 3, 12, 14).repeat_interleave(16, 2).repeat_interleave(16, 3);
        using var restorer = Machine.Load(Machine.Nano, Small);
        Tensor untiled = Machine.Run(restorer, image, Small with { Tile = 512, Stride = 256 }, scope)["result"];
        Tensor tiled = Machine.Run(restorer, image, Small with { Tile = 96, Stride = 64 }, scope)["result"];
        double psnr = -10 * Math.Log10((tiled - untiled).square().mean().item<float>());
        Console.WriteLine($"{psnr:f1} dB");
        Assert.IsTrue(psnr > 40, $"Tiled and untiled are only {psnr:f1} dB alike.");
    }

    [TestMethod]
    public void Fast_and_reference_mode_agree_but_for_noise_and_rounding()
    {
        using var scope = NewDisposeScope();
        Tensor image = Random(1, 3, 12, 14).repeat_interleave(16, 2).repeat_interleave(16, 3);
        using var restorer = Machine.Load(Machine.Nano, Small);
        Tensor fast = Machine.Run(restorer, image, Small, scope)["result"];
        Tensor reference = Machine.Run(restorer, image, Small with { Mode = RestoreMode.Reference }, scope)["result"];
        double psnr = -10 * Math.Log10((fast - reference).square().mean().item<float>());
        Console.WriteLine($"{psnr:f1} dB");
        Assert.IsTrue(psnr > 35, $"The modes are only {psnr:f1} dB alike.");
    }

    [TestMethod]
    [DataRow(8)]
    [DataRow(16)]
    public void Alpha_is_scaled_alone(int bits)
    {
        RasterImage input = Images.Random(40, 30, bits, alpha: true);
        int row = 40 * (bits / 8);
        Array.Fill(input.Alpha!, (byte)255, 0, row * 15);
        Array.Fill(input.Alpha!, (byte)0, row * 15, row * 15);
        byte[] alpha = Restore(input, Small with { Upscale = 2 }).Image.Alpha!;
        Assert.AreEqual(4 * row * 30, alpha.Length);
        Assert.IsTrue(alpha.Take(2 * row * 26).All(a => a == 255), "Opaque stays opaque: the filter's overshoot is clamped.");
        Assert.IsTrue(alpha.Skip(2 * row * 34).All(a => a == 0), "Transparent stays transparent.");
        Assert.IsTrue(alpha.Skip(2 * row * 28).Take(4 * row).Any(a => a is > 0 and < 255), "Between them is a ramp.");
    }

    [TestMethod]
    public void Shrinking_does_not_alias_in_fast_mode()
    {
        using var scope = NewDisposeScope();
        // Columns of one pixel, black and white: shrunk by three they are gray.
        Tensor image = arange(0, 240).remainder(2).to(float32).expand(1, 3, 90, 240);
        using var restorer = Machine.Load(Machine.Nano, Small);
        Tensor shrunk = Machine.Run(restorer, image, Small with { LongestSide = 80, Strength = 0 }, scope)["result"];
        Assert.IsTrue((shrunk - 0.5).abs().max().item<float>() < 0.1);
    }

    [TestMethod]
    public void A_prompts_embedding_is_computed_once()
    {
        using var restorer = Machine.Load(Machine.Tiny(), Small);
        using var prompts = new PromptCache(restorer.Model);
        Tensor first = prompts.Get("a cat");
        Assert.AreSame(first, prompts.Get("a cat"));
        Assert.AreNotSame(first, prompts.Get(""));
    }

    [TestMethod]
    [DataRow(ComputePrecision.Bfloat16)]
    [DataRow(ComputePrecision.Float16)]
    public void Half_precision_stays_near_float32(ComputePrecision precision)
    {
        using var scope = NewDisposeScope();
        Tensor image = Random(1, 3, 72, 80);
        RestoreOptions options = Small with { Tile = 64, Stride = 32 };
        Tensor Run(ComputePrecision type)
        {
            RestoreOptions typed = options with { Precision = type };
            using var restorer = Machine.Load(Machine.Tiny(), typed, Machine.TinyLora());
            if (type == ComputePrecision.Float16)
                Assert.AreEqual(ScalarType.Float32, restorer.Model.Vae.parameters().First().dtype, "The VAE stays in float32.");
            StepRecorder steps = Machine.Run(restorer, image, typed, scope);
            Assert.AreEqual(ScalarType.Float32, steps["generator_forward"].dtype, "Sums over tiles are wide.");
            return steps["result"];
        }
        double error = Numbers.RelativeError(Run(ComputePrecision.Float32), Run(precision));
        Console.WriteLine($"{precision}: {error:g3}");
        Assert.IsTrue(error < 0.1, $"{precision}: relative error {error:g3}");
    }

    [TestMethod]
    public void A_plan_for_something_else_is_refused()
    {
        RasterImage input = Images.Random(64, 48, 8);
        using var restorer = Machine.Load(Machine.Nano, Small);
        RestorePlan plan = Machine.Plan(Machine.Nano, Small, 64, 48);
        foreach (RestorePlan wrong in new[]
        {
            Machine.Plan(Machine.Nano, Small, 48, 64),
            Machine.Plan(Machine.Nano, Small, 64, 48, alpha: true),
            Machine.Plan(Machine.Nano, Small with { Precision = ComputePrecision.Float64 }, 64, 48),
            Machine.Plan(Machine.Tiny(), Small, 64, 48),
        })
            Assert.ThrowsExactly<ArgumentException>(() => restorer.Restore(input, wrong));
        Assert.IsNotNull(restorer.Restore(input, plan));
    }

    [TestMethod]
    public void Unmerged_adapters_give_the_merged_result()
    {
        using var scope = NewDisposeScope();
        Tensor image = Random(1, 3, 64, 72).to(float64);
        RestoreOptions options = Small with { Tile = 64, Stride = 32, Precision = ComputePrecision.Float64 };
        Tensor Run(bool unmerged)
        {
            using var restorer = Machine.Load(Machine.Tiny(), options with { Unmerged = unmerged }, Machine.TinyLora());
            return Machine.Run(restorer, image, options, scope)["result"];
        }
        Numbers.AssertClose(Run(false), Run(true), 1e-10, "unmerged");
    }

    private static Tensor Random(params long[] size)
    {
        using var generator = new Generator(5);
        return rand(size, float32, generator: generator);
    }

    private static RestoreResult Restore(RasterImage input, RestoreOptions options)
    {
        using var restorer = Machine.Load(Machine.Nano, options);
        return Restore(restorer, input, options);
    }

    private static RestoreResult Restore(Restorer restorer, RasterImage input, RestoreOptions options) =>
        restorer.Restore(input, Machine.Plan(Machine.Nano, options, input.Width, input.Height, input.Alpha is not null));
}
