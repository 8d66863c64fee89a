using Hypir.Networks.SinglePass;
using Hypir.Planning.Outlines;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.SinglePass;

/// <summary>Settings of networks do what the reference does with them.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class SinglePassDialTests : TensorTest
{
    [TestMethod]
    public void A_setting_reaches_the_network()
    {
        foreach (string path in Goldens.Cases("*.safetensors", "single-pass", "dials"))
        {
            using var golden = new GoldenCase(path);
            SinglePassCase weights = SinglePassCase.All().Single(test => test.Name == golden.Case.GetProperty("of").GetString());
            double setting = golden.Case.GetProperty("dial").GetDouble();
            // In float64 alone: what a setting does depends on no precision, and weights of these sizes take their time.
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using SinglePassModel model = SinglePassModel.Load(SinglePassFile.Of(weights.Weights()), ScalarType.Float64);
            SinglePassDial dial = model.Outline.Dial!;
            Assert.IsTrue(dial.Least <= setting && setting <= dial.Most, golden.Name);
            Tensor expected = golden["y64"], x = golden["x"].to(ScalarType.Float64);
            double error = Numbers.AssertClose(expected, model.Evaluate(x, dial: setting), 1e-10, golden.Name);
            Console.WriteLine(FormattableString.Invariant($"{golden.Name}: {error:g3}"));
            Assert.IsGreaterThan(1e-3, Numbers.RelativeError(expected, model.Evaluate(x)), $"{golden.Name}: without the setting.");
        }
    }
}
