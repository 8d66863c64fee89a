using System.Globalization;
using System.Runtime.InteropServices;
using Hypir.Onnx.Graphs;
using Hypir.Onnx.Sessions;

namespace Hypir.Onnx.SelfTests;

/// <summary>
/// Compares a GPU with the CPU on a small graph with every operation that networks consist of. Some drivers compute wrong numbers without
/// any error, and images come out black.
/// </summary>
public static class GpuSelfTest
{
    /// <summary>
    /// Largest difference, as a share of a result's largest number: shaders may join multiplications and additions, and approximate
    /// exponentials, which gives up to 3e-6 on SwiftShader; a wrong operation gives 0.01 and more.
    /// </summary>
    internal const double Tolerance = 1e-4;

    private const int MostNamed = 3;

    /// <summary>Tests a GPU.</summary>
    /// <param name="gpu">What evaluates graphs on the GPU.</param>
    /// <param name="cpu">What evaluates them on the CPU.</param>
    /// <param name="cancellation">Ends the test.</param>
    /// <returns>What is wrong, as the end of a sentence about the GPU; null if its numbers are right.</returns>
    /// <exception cref="GraphException">The GPU cannot compute the graph at all.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static string? Run(IGraphHost gpu, IGraphHost cpu, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        ArgumentNullException.ThrowIfNull(cpu);
        OnnxGraph graph = SelfTestGraph.Make();
        float[][] expected = Evaluate(cpu, graph, cancellation), actual = Evaluate(gpu, graph, cancellation);
        return Verdict([.. graph.Outputs.Select(output => output.Name)], expected, actual);
    }

    /// <summary>What is wrong with a GPU's results; null if nothing is.</summary>
    /// <param name="names">The results' names.</param>
    /// <param name="expected">The CPU's results.</param>
    /// <param name="actual">The GPU's.</param>
    internal static string? Verdict(IReadOnlyList<string> names, IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual)
    {
        (string Name, double Error)[] wrong =
        [
            .. names.Select((name, i) => (Name: name, Error: Error(expected[i], actual[i])))
                .Where(one => !(one.Error <= Tolerance)).OrderByDescending(one => one.Error),
        ];
        if (wrong.Length == 0)
            return null;
        string named = string.Join(", ", wrong.Take(MostNamed).Select(one => double.IsFinite(one.Error)
            ? string.Create(CultureInfo.InvariantCulture, $"{one.Name} by {one.Error:0.####%}")
            : $"{one.Name} is not finite"));
        return $"computes wrong numbers: {named}{(wrong.Length > MostNamed ? $" and {wrong.Length - MostNamed} more" : "")}";
    }

    /// <summary>The largest difference over the largest number; infinite where a number is not finite.</summary>
    private static double Error(float[] expected, float[] actual)
    {
        double largest = 0, difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (!float.IsFinite(actual[i]))
                return double.PositiveInfinity;
            largest = Math.Max(largest, Math.Abs(expected[i]));
            difference = Math.Max(difference, Math.Abs((double)expected[i] - actual[i]));
        }

        return difference / largest;
    }

    private static float[][] Evaluate(IGraphHost host, OnnxGraph graph, CancellationToken cancellation)
    {
        using var memory = new PinnedNumbers();
        var weights = graph.Weights.Select((weight, index) => (weight.Name, Numbers: SelfTestGraph.Weight(index, weight)))
            .ToDictionary(weight => weight.Name, weight => memory.Pin(weight.Numbers));
        using IGraphSession session = host.Open(graph, weights, cancellation);
        float[][] results = [.. graph.Outputs.Select(output => new float[output.Count])];
        session.Run([memory.Pin(SelfTestGraph.Input())], [.. results.Select(memory.Pin)], cancellation);
        return results;
    }

    /// <summary>Arrays that stay where they are while a session reads or writes them.</summary>
    private sealed class PinnedNumbers : IDisposable
    {
        private readonly List<GCHandle> _pins = [];

        public GraphMemory Pin(float[] numbers)
        {
            _pins.Add(GCHandle.Alloc(numbers, GCHandleType.Pinned));
            return new(_pins[^1].AddrOfPinnedObject(), numbers.Length * (long)sizeof(float));
        }

        public void Dispose()
        {
            foreach (GCHandle pin in _pins)
                pin.Free();
        }
    }
}
