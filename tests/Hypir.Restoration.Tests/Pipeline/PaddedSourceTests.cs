using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class PaddedSourceTests : TensorTest
{
    [TestMethod]
    public void Reflection_is_torchs_where_torch_can()
    {
        using var scope = NewDisposeScope();
        Tensor image = rand(1, 3, 13, 11, float64);
        Tensor expected = nn.functional.pad(image * 2 - 1, (0, 5, 0, 3), PaddingModes.Reflect);
        var source = new PaddedSource(new TensorSource(image), reflect: true);
        Assert.IsTrue(expected.Equals(source.Tile(new(0, 16, 0, 16))));
        Assert.IsTrue(expected.narrow(2, 8, 8).narrow(3, 4, 12).Equals(source.Tile(new(8, 16, 4, 16))), "A tile at the corner.");
        Assert.IsTrue(expected.narrow(2, 0, 8).narrow(3, 0, 8).Equals(source.Tile(new(0, 8, 0, 8))), "A tile within.");
    }

    [TestMethod]
    public void An_image_narrower_than_its_padding_goes_to_and_fro()
    {
        using var scope = NewDisposeScope();
        Tensor image = tensor(new double[] { 0, 0.25, 1 }).reshape(1, 1, 1, 3).expand(1, 3, 1, 3);
        Tensor tile = new PaddedSource(new TensorSource(image), reflect: true).Tile(new(0, 4, 0, 8));
        CollectionAssert.AreEqual(new[] { -1, -0.5, 1, -0.5, -1, -0.5, 1, -0.5 }, tile[0, 0, 3].data<double>().ToArray());
    }

    [TestMethod]
    public void The_references_padding_is_a_mid_gray()
    {
        using var scope = NewDisposeScope();
        Tensor tile = new PaddedSource(new TensorSource(ones(2, 3, 5, 6)), reflect: false).Tile(new(0, 8, 0, 8));
        Assert.AreEqual(2 * 3 * 5 * 6, tile.sum().item<float>());
        Assert.AreEqual(0, tile.narrow(3, 6, 2).abs().sum().item<float>() + tile.narrow(2, 5, 3).abs().sum().item<float>());
    }
}
