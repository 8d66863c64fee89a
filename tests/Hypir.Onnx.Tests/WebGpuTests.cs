using Hypir.Networks.Models;
using Hypir.Networks.SinglePass;
using Hypir.Onnx.Sessions;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Onnx.Tests;

/// <summary>Graphs on a GPU through WebGPU: no operation is left to the CPU, and the numbers are plain torch's.</summary>
[TestClass]
[TestCategory("AnyGpu")]
public sealed class WebGpuTests : TensorTest
{
    // Shaders may join multiplications and additions, and approximate exponentials.
    private const double Tolerance = 1e-4;
    private static readonly GraphSessionSettings Settings = new() { Provider = GraphProvider.WebGpu() };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    [TestCategory("Golden")]
    public void A_single_pass_network(string name)
    {
        AnyGpu.Require();
        SinglePassCase test = SinglePassCase.All().Single(test => test.Name == name);
        using var golden = new GoldenCase(test.Numbers);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using SinglePassFile file = SinglePassFile.Of(test.Weights());
        double error = SinglePassGraphTests.Error(file, golden["x"].to(float32), Settings);
        Console.WriteLine(FormattableString.Invariant($"{name}: {error:g3}"));
        Assert.IsLessThanOrEqualTo(Tolerance, error);
    }

    [TestMethod]
    public void The_shipped_model()
    {
        AnyGpu.Require();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(NanoModel.Folder), new());
        DiffusionGraphTests.AssertEqual(model.UNet, settings: Settings, tolerance: Tolerance);
        DiffusionGraphTests.AssertEqual(model.Vae, Settings, Tolerance);
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void The_goldens_model()
    {
        AnyGpu.Require();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(Goldens.Require("tiny-sd2")), new());
        DiffusionGraphTests.AssertEqual(model.UNet, settings: Settings, tolerance: Tolerance);
        DiffusionGraphTests.AssertEqual(model.Vae, Settings, Tolerance);
    }

    private static IEnumerable<object[]> Cases => SinglePassCase.All()
        .Where(test => test.IsSupported && SinglePassGraphTests.IsProgram(test))
        .Select(test => new object[] { test.Name });
}
