using System.Globalization;
using System.Text.RegularExpressions;
using Hypir.Networks.UNet;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.UNet;

[TestClass]
[TestCategory("Golden")]
public sealed partial class UNetGoldenTests : TensorTest
{
    [TestMethod]
    public void Predictions_equal_the_reference()
    {
        using var golden = new GoldenCase(Goldens.Require("networks", "networks.safetensors"));
        int cases = 0;
        foreach (Precision precision in Precision.All)
        {
            using UNet2DConditionModel plain = TinyModel.UNet(precision.Type);
            using UNet2DConditionModel unmerged = TinyModel.UNetWithLora(precision.Type, merged: false);
            using UNet2DConditionModel merged = TinyModel.UNetWithLora(precision.Type, merged: true);
            foreach (string name in golden.Names("out.unet"))
            {
                Match match = CaseName().Match(name);
                if (!match.Success || match.Groups["type"].Value != precision.Name)
                    continue;
                cases++;
                long t = long.Parse(match.Groups["t"].Value, CultureInfo.InvariantCulture);
                UNet2DConditionModel[] networks = match.Groups["lora"].Success ? [unmerged, merged] : [plain];
                foreach (UNet2DConditionModel network in networks)
                {
                    using var scope = NewDisposeScope();
                    using var noGrad = no_grad();
                    Tensor latent = golden["in.latent"].to(precision.Type);
                    Tensor times = full([latent.shape[0]], t, ScalarType.Int64);
                    Tensor result = network.Forward(latent, times, golden[$"out.text.{precision.Name}"]);
                    double error = Numbers.AssertClose(golden[name], result, precision.Tolerance, name);
                    Console.WriteLine($"{name}{(network == merged ? ", merged" : "")}: {error:g3}");
                }
            }
        }

        Assert.AreNotEqual(0, cases, "No case was run.");
    }

    [TestMethod]
    public void Every_module_equals_the_reference()
    {
        using var golden = new GoldenCase(Goldens.Require("networks", "networks.safetensors"));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using UNet2DConditionModel network = TinyModel.UNet(ScalarType.Float64);
        var trace = new ModuleTrace(network);
        Tensor latent = golden["in.latent"].to(ScalarType.Float64);
        network.Forward(latent, full([latent.shape[0]], 200, ScalarType.Int64), golden["out.text.f64"]);
        Console.WriteLine($"{trace.Compare("unet")} modules.");
    }

    [GeneratedRegex(@"^out\.unet(?<lora>_lora)?\.t(?<t>\d+)\.(?<type>f\d+)$")]
    private static partial Regex CaseName();
}
