using Hypir.Networks;
using Hypir.Networks.SinglePass;
using Hypir.Networks.Weights;
using Hypir.Onnx.Graphs;
using Hypir.Onnx.Networks;
using Hypir.Onnx.Sessions;
using Hypir.Planning.Outlines;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Onnx.Tests;

/// <summary>Single-pass networks as graphs: ONNX Runtime on the CPU computes what plain torch does.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class SinglePassGraphTests : TensorTest
{
    // Both compute in float32, in another order of the sums.
    private const double Tolerance = 1e-5;

    [TestMethod]
    public void Every_graph_equals_its_network()
    {
        var wrong = new List<string>();
        var nodes = new List<GraphNode>();
        foreach (SinglePassCase test in SinglePassCase.All().Where(test => test.IsSupported))
        {
            using var golden = new GoldenCase(test.Numbers);
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using SinglePassFile file = SinglePassFile.Of(test.Weights());
            if (!file.Outline.IsProgram)
                continue;
            nodes.AddRange(SinglePassGraph.Of(file.Outline, new(64, 64)).Nodes);
            double error = Error(file, golden["x"].to(float32), new() { Threads = 1 });
            string words = FormattableString.Invariant($"{test.Name}: {error:g3}");
            Console.WriteLine(words);
            if (!(error <= Tolerance))
                wrong.Add(words);
        }

        Assert.IsEmpty(wrong, string.Join("; ", wrong));
        SelfTestTests.RequireOperations(nodes);
    }

    /// <summary>A quality that is set replaces the estimate.</summary>
    [TestMethod]
    public void A_dial_that_the_network_would_estimate()
    {
        SinglePassCase test = SinglePassCase.All().First(test => test.Family == "FBCNN");
        using var golden = new GoldenCase(test.Numbers);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using SinglePassFile file = SinglePassFile.Of(test.Weights());
        foreach (double quality in new[] { 10, 80 })
            Assert.IsLessThanOrEqualTo(Tolerance, Error(file, golden["x"].to(float32), new() { Threads = 1 }, quality));
    }

    /// <summary>Whether a case's network can be written as a graph.</summary>
    internal static bool IsProgram(SinglePassCase test)
    {
        using SinglePassFile file = SinglePassFile.Of(test.Weights());
        return file.Outline.IsProgram;
    }

    /// <summary>The graph's largest difference from the network, over the network's largest value.</summary>
    internal static double Error(SinglePassFile file, Tensor image, GraphSessionSettings settings, double? set = null)
    {
        SinglePassOutline outline = file.Outline;
        double? dial = set ?? outline.Dial?.Standard;
        long multiple = outline.Needs.Multiple;
        Tensor whole = image.narrow(2, 0, image.shape[2] / multiple * multiple).narrow(3, 0, image.shape[3] / multiple * multiple);
        using SinglePassNetwork network = file.Family.Build(
            outline, new(new CopiedWeights(new CastWeights(new CheckpointWeights(file.Source), float32, CPU))));
        network.eval();
        Tensor expected = network.Forward(whole, NetworkRun.Unobserved, dial);
        OnnxGraph graph = SinglePassGraph.Of(outline, new(whole.shape[2], whole.shape[3], whole.shape[0]), set is not null);
        var inputs = new List<(string, Tensor)> { (SinglePassGraph.Image, whole) };
        if (graph.Inputs.Any(input => input.Name == SinglePassGraph.Dial))
            inputs.Add((SinglePassGraph.Dial, tensor(dial!.Value, float32).reshape(1, 1, 1, 1)));
        Tensor actual = GraphRun.Of(graph, network.state_dict(), settings, [.. inputs]);
        return Numbers.RelativeError(expected, actual);
    }
}
