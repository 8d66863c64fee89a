using Hypir.Networks.Checkpoints;
using TorchSharp;

namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>Comparisons of tensor sources, exact to the bit.</summary>
internal static class SourceAssert
{
    /// <summary>Both have the same keys, types, shapes and values.</summary>
    public static void Same(ITensorSource expected, ITensorSource actual)
    {
        CollectionAssert.AreEquivalent(expected.Tensors.Keys.ToArray(), actual.Tensors.Keys.ToArray());
        foreach (string name in expected.Tensors.Keys)
            SameTensor(expected, actual, name);
    }

    /// <summary>Both have this tensor with the same type, shape and values.</summary>
    public static void SameTensor(ITensorSource expected, ITensorSource actual, string name)
    {
        using var scope = torch.NewDisposeScope();
        var (e, a) = (expected.Read(name), actual.Read(name));
        Assert.AreEqual(e.dtype, a.dtype, name);
        Assert.AreEqual(a.dtype, actual.Tensors[name].DType, name);
        CollectionAssert.AreEqual(e.shape, a.shape, name);
        CollectionAssert.AreEqual(a.shape, actual.Tensors[name].Shape.ToArray(), name);
        Assert.IsTrue(e.equal(a).all().item<bool>(), $"{name} has other values.");
    }
}
