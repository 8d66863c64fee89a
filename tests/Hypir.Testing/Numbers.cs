using TorchSharp;

namespace Hypir.Testing;

/// <summary>Comparisons of tensors with reference numbers.</summary>
public static class Numbers
{
    /// <summary>
    /// The largest absolute difference over the largest absolute value of <paramref name="expected"/> (over 1 if that is 0); infinity where
    /// a value is not finite or the shapes differ. Computed in float64.
    /// </summary>
    public static double RelativeError(torch.Tensor expected, torch.Tensor actual)
    {
        if (!expected.shape.SequenceEqual(actual.shape))
            return double.PositiveInfinity;
        if (expected.numel() == 0)
            return 0;
        using var scope = torch.NewDisposeScope();
        var e = expected.to(torch.float64);
        var a = actual.cpu().to(torch.float64);
        double scale = e.abs().max().item<double>();
        double difference = (a - e).abs().max().item<double>();
        return double.IsFinite(difference) ? difference / (scale > 0 ? scale : 1) : double.PositiveInfinity;
    }

    /// <summary>Fails where <see cref="RelativeError"/> is over the tolerance, and says by how much.</summary>
    public static double AssertClose(torch.Tensor expected, torch.Tensor actual, double tolerance, string what)
    {
        double error = RelativeError(expected, actual);
        Assert.IsTrue(
            error <= tolerance,
            $"{what}: relative error {error:g3} is over {tolerance:g1}; shapes [{string.Join(',', expected.shape)}] and "
                + $"[{string.Join(',', actual.shape)}]."
        );
        return error;
    }
}
