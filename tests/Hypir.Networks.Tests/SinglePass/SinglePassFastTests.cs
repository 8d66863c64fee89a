using Hypir.Networks.SinglePass;
using Hypir.Networks.SinglePass.Compact;
using Hypir.Networks.SinglePass.DnCnn;
using Hypir.Networks.SinglePass.DruNet;
using Hypir.Networks.SinglePass.Esrgan;
using Hypir.Planning.Outlines;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.SinglePass;

/// <summary>Networks that are rewritten for speed compute what the plain ones compute, with the same blocks.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class SinglePassFastTests : TensorTest
{
    [TestMethod]
    public void Golden_networks()
    {
        var families = new SortedSet<string>(StringComparer.Ordinal);
        foreach (SinglePassCase test in SinglePassCase.All().Where(test => test.IsSupported))
        {
            using (SinglePassFile file = SinglePassFile.Of(test.Weights()))
            {
                if (file.Outline.Fast is null)
                    continue;
            }

            using var golden = new GoldenCase(test.Numbers);
            using var scope = NewDisposeScope();
            Compare(type => SinglePassModel.Load(SinglePassFile.Of(test.Weights()), type), golden["x"], test.Name);
            families.Add(test.Family);
        }

        Console.WriteLine(string.Join(", ", families));
        Assert.IsTrue(families.IsSupersetOf(["Compact", "DnCNN", "ESRGAN"]), string.Join(", ", families));
    }

    /// <summary>The widths and scales that files have; sides that no tile divides, and several images.</summary>
    [TestMethod]
    [DataRow(3, 64, 4)]
    [DataRow(3, 48, 2)]
    [DataRow(1, 32, 3)]
    [DataRow(4, 24, 1)]
    public void Compact(int channels, int features, int scale) => Compare(new CompactOutline
    {
        Scale = scale,
        InChannels = channels,
        OutChannels = channels,
        Features = features,
        Convolutions = 3,
    });

    [TestMethod]
    [DataRow(3, 1, 2)]
    [DataRow(4, 2, 1)]
    public void Esrgan(int channels, int unshuffle, int doublings) => Compare(new EsrganOutline
    {
        Scale = (1 << doublings) / unshuffle,
        InChannels = channels,
        OutChannels = channels,
        Features = 32,
        Growth = 16,
        Depth = 2,
        Unshuffle = unshuffle,
        Doublings = doublings,
    });

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(3, true)]
    public void DnCnn(int channels, bool reads) => Compare(new DnCnnOutline
    {
        Scale = 1,
        InChannels = channels,
        OutChannels = channels,
        ReadsNoiseMap = reads,
        Features = 48,
        Convolutions = 5,
        Normalized = false,
    });

    /// <summary>The lowest level of the second has too many channels for a narrow convolution.</summary>
    [TestMethod]
    [DataRow(3, false, 16, 48, 32, 64, 2)]
    [DataRow(1, true, 32, 32, 48, 160, 1)]
    public void DruNet(int channels, bool reads, int first, int second, int third, int fourth, int blocks) => Compare(new DruNetOutline
    {
        Scale = 1,
        InChannels = channels,
        OutChannels = channels,
        ReadsNoiseMap = reads,
        Widths = [first, second, third, fourth],
        ResidualBlocks = blocks,
    });

    /// <summary>A network with seeded weights, on two images.</summary>
    private static void Compare(SinglePassOutline outline)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var shapes = outline.Weights.ToDictionary(weight => weight.Name, weight => weight.Shape.ToArray());
        Compare(
            type => SinglePassModel.Load(SinglePassFile.Of(new SeededTensors(shapes, 7)), type),
            rand([2, outline.InChannels, 13, 22], ScalarType.Float64, generator: generator), outline.Title);
    }

    private static void Compare(Func<ScalarType, SinglePassModel> load, Tensor x, string what)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor exact = Run(ScalarType.Float64, fast: false);
        Numbers.AssertClose(exact, Run(ScalarType.Float64, fast: true), 1e-10, what);
        Float32Errors.Compare(exact, Run(ScalarType.Float32, fast: false), Run(ScalarType.Float32, fast: true), what);

        Tensor Run(ScalarType type, bool fast)
        {
            using SinglePassModel model = load(type);
            if (!fast)
                return model.Evaluate(x.to(type));
            Assert.IsTrue(model.Rewrite(), what);
            var entered = new List<string>();
            Tensor result = model.Evaluate(x.to(type), new NetworkRun(entered.Add), fast: true);
            CollectionAssert.AreEqual(model.Outline.Blocks.Select(block => block.Name).ToArray(), entered, what);
            // A second evaluation uses the first one's memory.
            Assert.IsTrue(result.equal(model.Evaluate(x.to(type), fast: true)).all().item<bool>(), what);
            return result;
        }
    }
}
