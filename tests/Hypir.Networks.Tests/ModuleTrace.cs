using System.Text.Json;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests;

/// <summary>
/// Compares each module's output with the reference's recorded sums, in order of execution: the first module over the limit is where an
/// implementation goes wrong.
/// </summary>
internal sealed class ModuleTrace
{
    private readonly List<(string Name, long[] Shape, double Sum, double AbsSum, double[] First)> _seen = [];

    public ModuleTrace(nn.Module network)
    {
        foreach ((string name, nn.Module module) in network.named_modules())
        {
            switch (module)
            {
                case nn.Module<Tensor, Tensor> one:
                    one.register_forward_hook((_, _, output) => Record(name, output));
                    break;
                case nn.Module<Tensor, Tensor, Tensor> two:
                    two.register_forward_hook((_, _, _, output) => Record(name, output));
                    break;
                case nn.Module<Tensor, long[], Tensor> sized:
                    sized.register_forward_hook((_, _, _, output) => Record(name, output));
                    break;
            }
        }
    }

    /// <summary>Compares what was seen with a section of modules.json; fails at the first module that differs.</summary>
    /// <returns>The number of modules compared.</returns>
    public int Compare(string section)
    {
        using JsonDocument goldens = JsonDocument.Parse(File.ReadAllText(Goldens.Require("networks", "modules.json")));
        var names = _seen.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        // The reference also records modules that have no weights and no counterpart here (dropout, shared activations).
        JsonElement[] expected =
        [
            .. goldens.RootElement.GetProperty(section).EnumerateArray().Where(e => names.Contains(e.GetProperty("module").GetString()!)),
        ];
        for (int i = 0; i < Math.Min(expected.Length, _seen.Count); i++)
        {
            JsonElement e = expected[i];
            (string name, long[] shape, double sum, double absSum, double[] first) = _seen[i];
            Assert.AreEqual(e.GetProperty("module").GetString(), name, $"Module {i} in order of execution.");
            CollectionAssert.AreEqual(e.GetProperty("shape").EnumerateArray().Select(v => v.GetInt64()).ToArray(), shape, name);
            double scale = e.GetProperty("abs_sum").GetDouble();
            Assert.AreEqual(0, Math.Abs(sum - e.GetProperty("sum").GetDouble()) / scale, 1e-10, $"{name}: sum.");
            Assert.AreEqual(0, Math.Abs(absSum - scale) / scale, 1e-10, $"{name}: sum of absolute values.");
            double[] values = [.. e.GetProperty("first").EnumerateArray().Select(v => v.GetDouble())];
            for (int k = 0; k < values.Length; k++)
                Assert.AreEqual(
                    values[k], first[k], 1e-10 * Math.Max(1, scale / shape.Aggregate(1L, (a, b) => a * b)), $"{name}: value {k}.");
        }

        Assert.AreEqual(expected.Length, _seen.Count, "Number of module outputs.");
        Assert.AreNotEqual(0, _seen.Count, "No module was compared.");
        return _seen.Count;
    }

    private Tensor Record(string name, Tensor output)
    {
        using var scope = NewDisposeScope();
        Tensor flat = output.detach().to(ScalarType.Float64).flatten();
        _seen.Add((name, output.shape, flat.sum().item<double>(), flat.abs().sum().item<double>(), flat[..4].data<double>().ToArray()));
        return output;
    }
}
