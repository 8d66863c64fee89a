using Hypir.Networks.Text;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Text;

[TestClass]
[TestCategory("Golden")]
public sealed class TextModelGoldenTests : TensorTest
{
    [TestMethod]
    public void Last_hidden_state_equals_the_reference()
    {
        using var golden = new GoldenCase(Goldens.Require("networks", "networks.safetensors"));
        foreach (Precision precision in Precision.All)
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using CLIPTextModel text = TinyModel.Text(precision.Type);
            string name = $"out.text.{precision.Name}";
            Console.WriteLine($"{name}: {Numbers.AssertClose(golden[name], text.call(golden["in.ids"]), precision.Tolerance, name):g3}");
        }
    }

    [TestMethod]
    public void Every_module_equals_the_reference()
    {
        using var golden = new GoldenCase(Goldens.Require("networks", "networks.safetensors"));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using CLIPTextModel text = TinyModel.Text(ScalarType.Float64);
        var trace = new ModuleTrace(text);
        text.forward(golden["in.ids"]);
        Console.WriteLine($"{trace.Compare("text")} modules.");
    }
}
