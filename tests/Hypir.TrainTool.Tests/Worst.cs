using System.Globalization;
using TorchSharp;

namespace Hypir.TrainTool.Tests;

/// <summary>
/// Compares many results with their goldens and remembers the largest absolute difference; a test ends by asserting that it compared some.
/// </summary>
internal sealed class Worst(string file)
{
    private double _error;
    private int _count;

    public double Compare(torch.Tensor expected, torch.Tensor actual, double tolerance, string what)
    {
        using var scope = torch.NewDisposeScope();
        Assert.IsTrue(expected.shape.SequenceEqual(actual.shape),
            $"{file} {what}: shape [{string.Join(',', actual.shape)}], expected [{string.Join(',', expected.shape)}].");
        var difference = expected.to(torch.float64) - actual.to(torch.float64);
        double error = difference.abs().max().item<double>();
        Assert.IsTrue(
            error <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{file} {what}: off by {error:g4}, over {tolerance:g2}."));
        _error = Math.Max(_error, error);
        _count++;
        return error;
    }

    public void AssertSome()
    {
        Assert.AreNotEqual(0, _count, $"{file}: no case ran.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {_count} comparisons, worst {_error:g3}"));
    }
}
