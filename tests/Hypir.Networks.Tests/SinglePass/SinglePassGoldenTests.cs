using Hypir.Networks.SinglePass;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.SinglePass;

/// <summary>Every case of the goldens of single-pass networks, whatever its family.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class SinglePassGoldenTests : TensorTest
{
    [TestMethod]
    public void Every_network_equals_the_reference()
    {
        var wrong = new List<string>();
        foreach (SinglePassCase test in Supported())
        {
            using var golden = new GoldenCase(test.Numbers);
            foreach (Precision precision in Precision.All)
            {
                string result = precision == Precision.Float64 ? "y64" : "y32";
                if (!golden.Has(result))
                    continue;
                using var scope = NewDisposeScope();
                using var noGrad = no_grad();
                using SinglePassModel model = SinglePassModel.Load(SinglePassFile.Of(test.Weights()), precision.Type);
                double error = Numbers.RelativeError(golden[result], model.Evaluate(golden["x"].to(precision.Type)));
                string words = FormattableString.Invariant($"{test.Name} {precision.Name}: {error:g3}");
                Console.WriteLine(words);
                if (!(error <= precision.Tolerance))
                    wrong.Add(words);
            }
        }

        Assert.IsEmpty(wrong, string.Join("; ", wrong));
    }

    [TestMethod]
    public void Every_file_says_what_it_is()
    {
        foreach (SinglePassCase test in Supported())
        {
            using SinglePassFile file = SinglePassFile.Of(test.Weights());
            SinglePassOutline outline = file.Outline;
            Assert.AreEqual(test.Family, outline.Family, test.Name);
            Assert.AreEqual(test.Number("scale"), outline.Scale, test.Name);
            Assert.AreEqual(test.Number("input_channels"), outline.InChannels, test.Name);
            Assert.AreEqual(test.Number("output_channels"), outline.OutChannels, test.Name);
            Assert.AreEqual(test.Number("multiple_of"), outline.Needs.Multiple, test.Name);
            Assert.IsGreaterThanOrEqualTo(test.Number("minimum"), outline.Needs.Minimum, test.Name);
        }
    }

    [TestMethod]
    public void Networks_have_the_weights_and_the_blocks_of_their_outlines()
    {
        foreach (SinglePassCase test in Supported())
        {
            using var golden = new GoldenCase(test.Numbers);
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using SinglePassFile file = SinglePassFile.Of(test.Weights());
            var asked = ShapeRecorder.Record(weights => file.Family.Build(file.Outline, weights));
            CollectionAssert.AreEqual(
                file.Outline.Weights.Select(weight => $"{weight.Name} [{string.Join(',', weight.Shape)}]").Order().ToArray(),
                asked.Select(weight => $"{weight.Key} [{string.Join(',', weight.Value)}]").Order().ToArray(), test.Name);
            var entered = new List<string>();
            using SinglePassModel model = SinglePassModel.Load(SinglePassFile.Of(test.Weights()), ScalarType.Float32);
            model.Evaluate(golden["x"], new NetworkRun(entered.Add));
            CollectionAssert.AreEqual(file.Outline.Blocks.Select(block => block.Name).ToArray(), entered, test.Name);
        }
    }

    [TestMethod]
    public void A_family_without_support_is_refused()
    {
        foreach (SinglePassCase test in SinglePassCase.All().Where(test => !test.IsSupported))
            Assert.ThrowsExactly<ModelException>(() => SinglePassFile.Of(test.Weights()), test.Name);
    }

    [TestMethod]
    public void Padding_does_not_depend_on_how_small_an_image_is()
    {
        foreach (SinglePassCase test in Supported())
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using SinglePassModel model = SinglePassModel.Load(SinglePassFile.Of(test.Weights()), ScalarType.Float32);
            Tensor y = model.Evaluate(ones(1, model.Outline.InChannels, 1, 2));
            CollectionAssert.AreEqual(
                new long[] { 1, model.Outline.OutChannels, model.Outline.Scale, 2 * model.Outline.Scale }, y.shape, test.Name);
            Assert.IsTrue(y.isfinite().all().item<bool>(), test.Name);
        }
    }

    private static SinglePassCase[] Supported()
    {
        SinglePassCase[] cases = [.. SinglePassCase.All().Where(test => test.IsSupported)];
        Assert.IsNotEmpty(cases, "No case would run.");
        return cases;
    }
}
