using System.Globalization;
using Hypir.Networks.Vae;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Vae;

[TestClass]
[TestCategory("Golden")]
public sealed class VaeGoldenTests : TensorTest
{
    [TestMethod]
    public void Posterior_samples_and_images_equal_the_reference()
    {
        using var golden = new GoldenCase(Goldens.Require("networks", "networks.safetensors"));
        foreach (Precision precision in Precision.All)
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using AutoencoderKL vae = TinyModel.Vae(precision.Type);
            string type = precision.Name;
            Tensor moments = vae.EncodeMoments(golden["in.image"].to(precision.Type));
            Tensor[] halves = moments.chunk(2, 1);
            Close($"out.vae.mean.{type}", Posterior.Mean(moments));
            Close($"out.vae.logvar.{type}", halves[1].clamp(-30, 20));
            foreach (string name in golden.Names("out.vae.sample_seed").Where(n => n.EndsWith(type, StringComparison.Ordinal)))
            {
                manual_seed(long.Parse(name["out.vae.sample_seed".Length..^(type.Length + 1)], CultureInfo.InvariantCulture));
                Close(name, Posterior.Sample(moments, randn(halves[0].shape, precision.Type)));
            }

            Close($"out.vae.decode.{type}", vae.Decode(golden["in.latent"].to(precision.Type)));

            void Close(string name, Tensor actual) =>
                Console.WriteLine($"{name}: {Numbers.AssertClose(golden[name], actual, precision.Tolerance, name):g3}");
        }
    }

    [TestMethod]
    public void Every_module_equals_the_reference()
    {
        using var golden = new GoldenCase(Goldens.Require("networks", "networks.safetensors"));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using AutoencoderKL encoding = TinyModel.Vae(ScalarType.Float64), decoding = TinyModel.Vae(ScalarType.Float64);
        var encoder = new ModuleTrace(encoding);
        encoding.EncodeMoments(golden["in.image"].to(ScalarType.Float64));
        Console.WriteLine($"{encoder.Compare("vae_encode")} modules of the encoder.");
        var decoder = new ModuleTrace(decoding);
        decoding.Decode(golden["in.latent"].to(ScalarType.Float64));
        Console.WriteLine($"{decoder.Compare("vae_decode")} modules of the decoder.");
    }
}
